/*
 * The calls of the bigfile scenario's first write, as a C program makes them: the reference that shows what Node and
 * the harness add. Prints the nanoseconds of open, write and fsync.
 *
 *   first-write FILE OFFSET BYTE
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: first-write FILE OFFSET BYTE\n");
    return 2;
  }
  const off_t offset = atoll(argv[2]);
  const unsigned char byte = (unsigned char)atoi(argv[3]);

  const long long begin = now();
  const int fd = open(argv[1], O_RDWR | O_CLOEXEC);
  const long long opened = now();
  const ssize_t count = fd < 0 ? -1 : pwrite(fd, &byte, 1, offset);
  const long long written = now();
  const int synced = fd < 0 ? -1 : fsync(fd);
  const long long end = now();

  if (fd < 0 || count != 1 || synced != 0) {
    perror(argv[1]);
    return 1;
  }
  printf("%lld %lld %lld\n", opened - begin, written - opened, end - written);
  return 0;
}
