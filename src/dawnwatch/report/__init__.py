"""What people read of a packet: pictures, one HTML report, and the terminal."""
