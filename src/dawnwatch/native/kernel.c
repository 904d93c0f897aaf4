/* The inner loops of the kernel, one pass each over a batch's column. No Python in here: plain arrays in, counts out.
 * Every function has a NumPy twin in counting.py that gives the same integers; that twin is the definition.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#ifndef SOURCE
#define SOURCE ""
#endif
/* Digest of the source this was compiled from: a library of other sources is not called. */
const char *dw_source(void) { return SOURCE; }

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
/* Compiled once per instruction set; the loader takes the best one this processor has. */
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

#define LANES 8
#define QUAD 4
#define BLOCK 2048 /* doubles: 16 KiB, so that the passes over one block stay in the first cache */

typedef double doubles __attribute__((vector_size(32)));
typedef int64_t words __attribute__((vector_size(32)));

typedef struct {
    int64_t nan, pos_inf, neg_inf, finite;
    double low, high, mean, squares;
    uint64_t checksum;
} dw_moments;

static inline uint64_t word(double x) {
    uint64_t bits;
    x += 0.0; /* -0.0 and 0.0 are equal values */
    memcpy(&bits, &x, sizeof bits);
    bits ^= bits >> 32; /* small whole numbers have nothing below */
    bits *= 0x9E3779B97F4A7C15ULL;
    bits ^= bits >> 32;
    return bits * bits;
}

/* Add a block of finite values (Chan, Golub and LeVeque 1979). */
static inline void join(dw_moments *m, int64_t n, double mean, double squares) {
    if (n == 0) return;
    int64_t all = m->finite + n;
    double delta = mean - m->mean, weight = (double)n / (double)all;
    if (m->finite == 0) {
        m->mean = mean;
        m->squares = squares;
    } else if (isfinite(delta)) {
        m->squares += squares + delta * delta * (double)m->finite * weight;
        m->mean += delta * weight;
    } else { /* means near both ends of what a double holds */
        m->mean = m->mean * (1 - weight) + mean * weight;
        m->squares = INFINITY;
    }
    m->finite = all;
}

/* Add a block of finite values; return 0, having done nothing, where one of them or their sum is not finite.
 * Deviations are from a pivot near the mean (that of the blocks before, else the first value), so that one pass does.
 */
WIDE static int finite_block(const double *v, int64_t n, dw_moments *m) {
    double sum[LANES] = {0}, square[LANES] = {0}, low[LANES], high[LANES];
    double pivot = m->finite ? m->mean : v[0];
    uint64_t check[LANES] = {0};
    int64_t i = 0;
    for (int l = 0; l < LANES; l++) low[l] = high[l] = v[0];
    for (; i + LANES <= n; i += LANES)
        for (int l = 0; l < LANES; l++) {
            double x = v[i + l], d = x - pivot;
            sum[l] += d;
            square[l] += d * d;
            low[l] = x < low[l] ? x : low[l];
            high[l] = x > high[l] ? x : high[l];
            check[l] += word(x);
        }
    for (; i < n; i++) {
        double d = v[i] - pivot;
        sum[0] += d;
        square[0] += d * d;
        low[0] = v[i] < low[0] ? v[i] : low[0];
        high[0] = v[i] > high[0] ? v[i] : high[0];
        check[0] += word(v[i]);
    }
    double total = 0, squares = 0;
    for (int l = 0; l < LANES; l++) total += sum[l], squares += square[l];
    if (!isfinite(squares)) return 0;
    for (int l = 0; l < LANES; l++) {
        if (low[l] < m->low) m->low = low[l];
        if (high[l] > m->high) m->high = high[l];
        m->checksum += check[l];
    }
    double shift = total / (double)n, rest = squares - total * shift;
    join(m, n, pivot + shift, rest > 0 ? rest : 0);
    return 1;
}

/* The same in two careful passes, for values whose squares or sum no double holds. */
static void huge_block(const double *v, int64_t n, dw_moments *m) {
    double mean = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) {
        mean += v[i] / (double)n;
        if (v[i] < m->low) m->low = v[i];
        if (v[i] > m->high) m->high = v[i];
        m->checksum += word(v[i]);
    }
    for (int64_t i = 0; i < n; i++) squares += (v[i] - mean) * (v[i] - mean);
    join(m, n, mean, squares);
}

static void any_block(const double *v, int64_t n, dw_moments *m) {
    double kept[BLOCK];
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        if (v[i] != v[i]) m->nan++;
        else if (v[i] == INFINITY) m->pos_inf++, m->checksum += word(v[i]);
        else if (v[i] == -INFINITY) m->neg_inf++, m->checksum += word(v[i]);
        else kept[count++] = v[i];
    }
    if (count && !finite_block(kept, count, m)) huge_block(kept, count, m);
}

static inline void block_moments(const double *v, int64_t n, dw_moments *m) {
    if (!finite_block(v, n, m)) any_block(v, n, m);
}

/* Moments of n doubles, added to m, whose low starts at +inf and high at -inf. */
void dw_moments_of(const double *v, int64_t n, dw_moments *m) {
    for (int64_t at = 0; at < n; at += BLOCK) block_moments(v + at, n - at < BLOCK ? n - at : BLOCK, m);
}

/* Bin of each value: how many of the k edges lie strictly below it; k + 1 for NaN. */
WIDE void dw_bins(const double *v, int64_t n, const double *edges, int64_t k, int32_t *bins) {
    int64_t i = 0;
    for (; i + 4 * QUAD <= n; i += 4 * QUAD) {
        doubles x[4];
        words code[4];
        memcpy(x, v + i, sizeof x);
        /* A comparison is -1 where it holds. */
        for (int q = 0; q < 4; q++) code[q] = (x[q] != x[q]) * (-k - 1);
        for (int64_t j = 0; j < k; j++)
            for (int q = 0; q < 4; q++) code[q] -= x[q] > edges[j];
        for (int q = 0; q < 4; q++)
            for (int l = 0; l < QUAD; l++) bins[i + q * QUAD + l] = (int32_t)code[q][l];
    }
    for (; i < n; i++) {
        int64_t code = v[i] == v[i] ? 0 : k + 1;
        for (int64_t j = 0; j < k; j++) code += v[i] > edges[j];
        bins[i] = (int32_t)code;
    }
}

/* Moments, bins and table[bin * width + b] += 1 for every row, while a block is at hand; the bins are kept unless
 * `bins` is null.
 */
void dw_numeric(const double *v, int64_t n, const double *edges, int64_t k, const int32_t *b, int64_t width,
                int64_t *table, int32_t *bins, dw_moments *m) {
    int32_t block[BLOCK];
    for (int64_t at = 0; at < n; at += BLOCK) {
        int64_t size = n - at < BLOCK ? n - at : BLOCK;
        int32_t *codes = bins ? bins + at : block;
        block_moments(v + at, size, m);
        dw_bins(v + at, size, edges, k, codes);
        for (int64_t i = 0; i < size; i++) table[codes[i] * width + b[at + i]]++;
    }
}

/* For coded texts: times[code] += 1 and table[of[code] * width + b] += 1; of[code] is kept unless `bins` is null. */
void dw_coded(const int32_t *codes, int64_t n, const int32_t *of, const int32_t *b, int64_t width, int64_t *table,
              int64_t *times, int32_t *bins) {
    for (int64_t i = 0; i < n; i++) {
        int32_t bin = of[codes[i]];
        times[codes[i]]++;
        table[bin * width + b[i]]++;
        if (bins) bins[i] = bin;
    }
}

/* table[a * width + b] += 1 for every row. */
void dw_pairs(const int32_t *a, int64_t width, const int32_t *b, int64_t n, int64_t *table) {
    for (int64_t i = 0; i < n; i++) table[(int64_t)a[i] * width + b[i]]++;
}

/* table[a] += 1 for every row. */
void dw_times(const int32_t *a, int64_t n, int64_t *table) {
    for (int64_t i = 0; i < n; i++) table[a[i]]++;
}

/* Count [label, fine bin] of each score, and write its coarse bin. The fine bin is found by a grid: starts[c] edges lie before cell c, and at most `crowd` in any cell.
 * Linear cells where logarithmic is 0, else cells of the bits of the score as a float, which has no sign here.
 * NaN gets bin `count + 1`, the count of edges being `count`; behind the last edge stands infinity.
 */
void dw_score_bins(const double *v, int64_t n, const double *edges, int64_t count, const uint16_t *starts, int64_t cells,
                   int64_t crowd, int64_t logarithmic, double low, double scale, int32_t base, int32_t shift,
                   const int32_t *groups, const int32_t *labels, int64_t *table, int32_t *coarse) {
    for (int64_t i = 0; i < n; i++) {
        double x = v[i];
        int64_t cell;
        if (logarithmic) {
            float narrow = x > 0 ? (float)x : 0.0f;
            int32_t bits;
            memcpy(&bits, &narrow, sizeof bits);
            cell = bits < base ? 0 : ((int64_t)bits - base) >> shift;
            cell = cell < cells ? cell : cells - 1;
        } else {
            double place = (x - low) * scale;
            place = place > 0 ? place : 0;
            cell = place < (double)cells ? (int64_t)place : cells - 1;
        }
        int32_t at = starts[cell], end = starts[cell + 1];
        if (crowd <= 4) { /* without a branch to guess wrong */
            for (int64_t tries = 0; tries < crowd; tries++) at += (at < end) & (edges[at] < x);
        } else {
            while (end - at > 0) {
                int32_t middle = at + (end - at) / 2;
                if (edges[middle] < x) at = middle + 1;
                else end = middle;
            }
        }
        at = x == x ? at : (int32_t)count + 1;
        table[labels[i] * (count + 2) + at]++;
        coarse[i] = groups[at];
    }
}

static inline uint64_t mix(uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

/* The SplitMix64 finaliser of every word. */
WIDE void dw_mix(const uint64_t *words, int64_t n, uint64_t *out) {
    for (int64_t i = 0; i < n; i++) out[i] = mix(words[i]);
}

/* total += the SplitMix64 finaliser of word ^ turn, for every row. */
WIDE void dw_mix_into(const uint64_t *words, int64_t n, uint64_t turn, uint64_t *total) {
    for (int64_t i = 0; i < n; i++) total[i] += mix(words[i] ^ turn);
}

/* Label and coarse score bin as one code: label * (bins + 1) + (coarse >> shift). */
WIDE void dw_outcome(const int32_t *labels, const int32_t *coarse, int64_t n, int32_t shift, int32_t width,
                     int32_t *out) {
    for (int64_t i = 0; i < n; i++) out[i] = labels[i] * width + (coarse[i] >> shift);
}

/* Whether each hash is among the sorted `known`, whose bucket b of leading bits begins at starts[b]. */
void dw_members(const uint64_t *hashes, int64_t n, const uint64_t *known, const int64_t *starts, int64_t shift,
                uint8_t *out) {
    for (int64_t i = 0; i < n; i++) {
        uint64_t bucket = shift < 64 ? hashes[i] >> shift : 0;
        int64_t at = starts[bucket], end = starts[bucket + 1];
        while (at < end && known[at] < hashes[i]) at++;
        out[i] = at < end && known[at] == hashes[i];
    }
}

/* counts[p] += how many of the hashes, but for zeros, have the leading bits p. */
void dw_count_parts(const uint64_t *hashes, int64_t n, int64_t bits, int64_t *counts) {
    int shift = 64 - (int)bits;
    for (int64_t i = 0; i < n; i++)
        if (hashes[i]) counts[hashes[i] >> shift]++;
}

/* Put the hashes, but for zeros, where their part goes on: next[p], which moves on with each. */
void dw_scatter(const uint64_t *hashes, int64_t n, int64_t bits, int64_t *next, uint64_t *out) {
    int shift = 64 - (int)bits;
    for (int64_t i = 0; i < n; i++)
        if (hashes[i]) out[next[hashes[i] >> shift]++] = hashes[i];
}

/* How many of the hashes, none of them zero, stood before; each such one is written to `again`.
 * `table` has a power of two of slots, at least twice the hashes; `bits` leading bits are all alike.
 */
int64_t dw_repeats(const uint64_t *hashes, int64_t n, int64_t bits, uint64_t *table, int64_t slots, uint64_t *again) {
    uint64_t mask = (uint64_t)slots - 1;
    int64_t found = 0;
    memset(table, 0, sizeof(uint64_t) * (size_t)slots);
    for (int64_t i = 0; i < n; i++) {
        uint64_t h = hashes[i], at = (h << bits >> 20) & mask;
        while (table[at] && table[at] != h) at = (at + 1) & mask;
        if (table[at]) again[found++] = h;
        else table[at] = h;
    }
    return found;
}

/* Count each distinct hash into an empty table of `slots` (a power of two): keys[at], times[at] > 0. Returns how many
 * there are, or -1 as soon as they fill half of the table.
 */
int64_t dw_distinct(const uint64_t *hashes, int64_t n, uint64_t *keys, int64_t *times, int64_t slots) {
    uint64_t mask = (uint64_t)slots - 1;
    int64_t found = 0;
    for (int64_t i = 0; i < n; i++) {
        uint64_t h = hashes[i], at = (h >> 20) & mask;
        while (times[at] && keys[at] != h) at = (at + 1) & mask;
        if (!times[at]) {
            if (2 * ++found > slots) return -1;
            keys[at] = h;
        }
        times[at]++;
    }
    return found;
}

/* A number whose order as an unsigned integer is the score's: all bits turned where it is negative, else the sign. */
static inline uint64_t order_key(double score) {
    uint64_t bits;
    score += 0.0; /* -0.0 and 0.0 are one score */
    memcpy(&bits, &score, sizeof bits);
    return bits ^ ((uint64_t)((int64_t)bits >> 63) | 0x8000000000000000ULL);
}

/* Key and tag (row * 2 + label) of each row with a score and a label below 2, those below the pivot from the front on,
 * the others behind them. Returns how many lie below; `usable` is how many there are.
 */
int64_t dw_score_keys(const double *scores, const int8_t *labels, int64_t n, double pivot, uint64_t *keys,
                      uint32_t *tags, int64_t *usable) {
    uint64_t middle = order_key(pivot);
    int64_t found = 0;
    for (int64_t i = 0; i < n; i++) found += (labels[i] < 2) & (scores[i] == scores[i]);
    int64_t front = 0, back = found;
    for (int64_t i = 0; i < n; i++) {
        if (labels[i] >= 2 || scores[i] != scores[i]) continue;
        uint64_t key = order_key(scores[i]);
        int64_t low = key < middle, at = low ? front : back - 1;
        front += low;
        back -= 1 - low;
        keys[at] = key;
        tags[at] = (uint32_t)(i << 1) | (uint32_t)labels[i];
    }
    *usable = found;
    return front;
}

#define DIGIT 8
#define LONG_DIGIT 11 /* without tags, more digits' places fit in a processor's first cache */

/* Sort keys, each with its tag, by radix from the last digit on; a digit in which all are alike costs nothing. */
void dw_sort(uint64_t *keys, uint32_t *tags, int64_t n, uint64_t *other_keys, uint32_t *other_tags) {
    enum { SIZE = 1 << DIGIT, DIGITS = (64 + DIGIT - 1) / DIGIT };
    static const uint64_t mask = SIZE - 1;
    int64_t times[DIGITS][SIZE];
    uint64_t *from = keys, *to = other_keys;
    uint32_t *from_tags = tags, *to_tags = other_tags;
    if (n < 2) return;
    memset(times, 0, sizeof times);
    for (int64_t i = 0; i < n; i++)
        for (int d = 0; d < DIGITS; d++) times[d][keys[i] >> (d * DIGIT) & mask]++;
    for (int d = 0; d < DIGITS; d++) {
        int shift = d * DIGIT;
        int64_t *next = times[d], before = 0;
        if (next[from[0] >> shift & mask] == n) continue;
        for (int i = 0; i < SIZE; i++) {
            int64_t here = next[i];
            next[i] = before;
            before += here;
        }
        for (int64_t i = 0; i < n; i++) {
            int64_t at = next[from[i] >> shift & mask]++;
            to[at] = from[i];
            to_tags[at] = from_tags[i];
        }
        uint64_t *k = from;
        uint32_t *t = from_tags;
        from = to, from_tags = to_tags;
        to = k, to_tags = t;
    }
    if (from != keys) {
        memcpy(keys, from, sizeof(uint64_t) * (size_t)n);
        memcpy(tags, from_tags, sizeof(uint32_t) * (size_t)n);
    }
}

/* Sort numbers that are none of them NaN in place, by radix as above; `keys` has room for twice as many. */
void dw_ascending(double *values, int64_t n, uint64_t *keys) {
    enum { SIZE = 1 << LONG_DIGIT, DIGITS = (64 + LONG_DIGIT - 1) / LONG_DIGIT };
    static const uint64_t mask = SIZE - 1;
    int64_t times[DIGITS][SIZE];
    uint64_t *from = keys, *to = keys + n;
    memset(times, 0, sizeof times);
    for (int64_t i = 0; i < n; i++) {
        uint64_t key = order_key(values[i]);
        keys[i] = key;
        for (int d = 0; d < DIGITS; d++) times[d][key >> (d * LONG_DIGIT) & mask]++;
    }
    for (int d = 0; d < DIGITS; d++) {
        int shift = d * LONG_DIGIT;
        int64_t *next = times[d], before = 0;
        if (n == 0 || next[from[0] >> shift & mask] == n) continue;
        for (int i = 0; i < SIZE; i++) {
            int64_t here = next[i];
            next[i] = before;
            before += here;
        }
        for (int64_t i = 0; i < n; i++) to[next[from[i] >> shift & mask]++] = from[i];
        uint64_t *k = from;
        from = to;
        to = k;
    }
    for (int64_t i = 0; i < n; i++) {
        uint64_t key = from[i], bits = key >> 63 ? key ^ 0x8000000000000000ULL : ~key;
        memcpy(values + i, &bits, sizeof bits);
    }
}

/* From sorted keys: rank * 2 + label, equal scores of equal rank; the tags become row numbers. */
void dw_ranks(const uint64_t *keys, uint32_t *tags, int64_t n, uint32_t *ranks) {
    uint32_t rank = 0;
    for (int64_t i = 0; i < n; i++) {
        rank += i && keys[i] != keys[i - 1];
        ranks[i] = rank << 1 | (tags[i] & 1);
        tags[i] >>= 1;
    }
}

/* See rank_sums in stats/auc.py: rows of each class, the sum of the positives' ranks, and both sums of squares in
 * halves of 32 bits. `ranks` increase, and are fewer than 2**31.
 */
void dw_rank_sums(const uint32_t *ranks, int64_t n, uint64_t *sums) {
    uint64_t negatives = 0, positives = 0, total = 0, high_pos = 0, low_pos = 0, high_neg = 0, low_neg = 0;
    for (int64_t i = 0; i < n;) {
        uint64_t neg = 0, pos = 0;
        uint32_t rank = ranks[i] >> 1;
        for (; i < n && ranks[i] >> 1 == rank; i++) {
            pos += ranks[i] & 1;
            neg += ~ranks[i] & 1;
        }
        uint64_t below = 2 * negatives + neg, above = 2 * positives + pos;
        total += pos * below;
        high_pos += pos * (below * below >> 32);
        low_pos += pos * (below * below & 0xFFFFFFFFULL);
        high_neg += neg * (above * above >> 32);
        low_neg += neg * (above * above & 0xFFFFFFFFULL);
        negatives += neg;
        positives += pos;
    }
    uint64_t found[] = {negatives, positives, total, high_pos, low_pos, high_neg, low_neg};
    memcpy(sums, found, sizeof found);
}

/* The same for every code of a slice column, codes[row] - lowest being 0 … count - 1 in all `all` rows, of which n are
 * ranked; `parted` holds `all` ranks, `ends` two numbers a code.
 */
void dw_slice_sums(const uint32_t *ranks, const uint32_t *rows, int64_t n, const int32_t *codes, int64_t all,
                   int32_t lowest, int64_t count, int64_t *ends, uint32_t *parted, uint64_t *sums) {
    enum { AHEAD = 64 };
    int64_t *starts = ends + count, before = 0;
    memset(ends, 0, sizeof(int64_t) * (size_t)count);
    for (int64_t i = 0; i < all; i++) ends[codes[i] - lowest]++;
    for (int64_t c = 0; c < count; c++) {
        int64_t size = ends[c];
        starts[c] = ends[c] = before;
        before += size;
    }
    for (int64_t i = 0; i < n; i++) {
#ifdef __GNUC__
        if (i + AHEAD < n) __builtin_prefetch(codes + rows[i + AHEAD]); /* rows come in no order of theirs */
#endif
        parted[ends[codes[rows[i]] - lowest]++] = ranks[i];
    }
    for (int64_t c = 0; c < count; c++) dw_rank_sums(parted + starts[c], ends[c] - starts[c], sums + 7 * c);
}
