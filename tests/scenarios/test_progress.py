from metropulse.progress import plain_progress, say_to_stderr


def test_known_size_gives_one_line_a_quarter() -> None:
    lines: list[str] = []
    show = plain_progress(lines.append)
    for done in range(0, 1_000_001, 1000):
        show("a.zip", done, 1_000_000)
    assert [line.split("(")[1] for line in lines] == ["25%)", "50%)", "75%)", "100%)"]
    assert lines[-1] == "a.zip: 1.0 of 1.0 MB (100%)"


def test_unknown_size_gives_a_line_every_few_megabytes() -> None:
    lines: list[str] = []
    show = plain_progress(lines.append, every_bytes=2_000_000)
    for done in range(0, 5_000_000, 500_000):
        show("a.zip", done, None)
    assert lines == ["a.zip: 2.0 MB", "a.zip: 4.0 MB"]


def test_two_downloads_do_not_share_their_marks() -> None:
    lines: list[str] = []
    show = plain_progress(lines.append, steps=1)
    show("a", 10, 10)
    show("b", 10, 10)
    assert len(lines) == 2


def test_sentences_leave_stdout_free(capsys: object) -> None:
    say_to_stderr("hello")
    written = capsys.readouterr()  # type: ignore[attr-defined]
    assert (written.out, written.err) == ("", "hello\n")
