"""What tests of several packages share: real photos on disk, a library to bring up to date, the program itself."""
