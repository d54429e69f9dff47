/*
 * What the kernel gives to a plain program: the yardstick of BenchmarkUDP and BenchmarkBind.
 *
 *	reference udp|bind FIRST COUNT
 *
 * asks COUNT addresses of 127.0.0.0/8, from 127.0.0.0 + FIRST on, with two threads, and prints how many worked and the
 * seconds. udp: each thread sends with sendmmsg to a receiver of its own, bound to 0.0.0.0, and drains it with recvmmsg;
 * IP_PKTINFO tells which address a datagram was for. bind: socket, bind, close.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 2, BATCH = 128, CHUNK = 4096 };

static uint32_t first, count;
static uint32_t next;			/* in chunks, shared */
static unsigned char *arrived;		/* one byte an address */

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int udp_socket(struct sockaddr_in *name)
{
	int one = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof *name;
	if (fd < 0)
		die("socket");
	if (setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one) < 0)
		die("IP_PKTINFO");
	memset(name, 0, sizeof *name);
	name->sin_family = AF_INET;
	if (bind(fd, (struct sockaddr *)name, sizeof *name) < 0)
		die("bind");
	if (getsockname(fd, (struct sockaddr *)name, &len) < 0)
		die("getsockname");
	return fd;
}

struct lane {
	int out, in;
	struct sockaddr_in at, to[BATCH];
	struct mmsghdr send[BATCH], recv[BATCH];
	struct iovec sent[BATCH], got[BATCH];
	char payload[BATCH][16], data[BATCH][32], control[BATCH][64];
};

static void drain(struct lane *l)
{
	for (;;) {
		for (int i = 0; i < BATCH; i++)
			l->recv[i].msg_hdr.msg_controllen = sizeof l->control[i];
		int n = recvmmsg(l->in, l->recv, BATCH, MSG_DONTWAIT, NULL);
		if (n < 0) {
			if (errno == EAGAIN)
				return;
			die("recvmmsg");
		}
		for (int i = 0; i < n; i++) {
			struct cmsghdr *c = CMSG_FIRSTHDR(&l->recv[i].msg_hdr);
			struct in_pktinfo *info = (struct in_pktinfo *)CMSG_DATA(c);
			arrived[(ntohl(info->ipi_addr.s_addr) & 0xffffff) - first] = 1;
		}
		if (n < BATCH)
			return;
	}
}

static void udp_chunk(struct lane *l, uint32_t from, uint32_t to)
{
	for (uint32_t a = from; a < to; a += BATCH) {
		int n = to - a < BATCH ? to - a : BATCH, done = 0;
		for (int i = 0; i < n; i++) {
			l->to[i].sin_addr.s_addr = htonl(127u << 24 | (a + i));
			memcpy(l->payload[i], &l->to[i].sin_addr, 4);
		}
		while (done < n) {
			int k = sendmmsg(l->out, l->send + done, n - done, 0);
			done += k < 0 ? 1 : k;	/* an address that fails is passed over */
		}
		drain(l);
	}
}

static void bind_chunk(uint16_t port, uint32_t from, uint32_t to)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = port };
	for (uint32_t i = from; i < to; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			die("socket");
		a.sin_addr.s_addr = htonl(127u << 24 | i);
		arrived[i - first] = bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
		close(fd);
	}
}

static void *work(void *udp)
{
	struct lane *l = calloc(1, sizeof *l);
	struct sockaddr_in nothing;
	l->in = udp_socket(&l->at);
	l->out = udp_socket(&nothing);
	for (int i = 0; i < BATCH; i++) {
		l->to[i] = l->at;
		l->sent[i] = (struct iovec){ l->payload[i], sizeof l->payload[i] };
		l->send[i].msg_hdr = (struct msghdr){ .msg_name = &l->to[i], .msg_namelen = sizeof l->to[i], .msg_iov = &l->sent[i], .msg_iovlen = 1 };
		l->got[i] = (struct iovec){ l->data[i], sizeof l->data[i] };
		l->recv[i].msg_hdr = (struct msghdr){ .msg_iov = &l->got[i], .msg_iovlen = 1, .msg_control = l->control[i] };
	}
	if (!udp)
		close(l->in);	/* its port is free on every address */
	for (;;) {
		uint32_t from = __atomic_fetch_add(&next, CHUNK, __ATOMIC_RELAXED);
		if (from >= count)
			return NULL;
		uint32_t to = from + CHUNK < count ? from + CHUNK : count;
		if (udp)
			udp_chunk(l, first + from, first + to);
		else
			bind_chunk(l->at.sin_port, first + from, first + to);
	}
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	struct timespec begun, ended;
	uint32_t good = 0;
	if (argc != 4 || (strcmp(argv[1], "udp") && strcmp(argv[1], "bind"))) {
		fprintf(stderr, "usage: reference udp|bind FIRST COUNT\n");
		return 2;
	}
	first = strtoul(argv[2], NULL, 10);
	count = strtoul(argv[3], NULL, 10);
	if (first > 1u << 24 || count > (1u << 24) - first)
		return 2;
	arrived = calloc(count, 1);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, strcmp(argv[1], "udp") ? NULL : argv))
			die("pthread_create");
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	for (uint32_t i = 0; i < count; i++)
		good += arrived[i];
	printf("%u %.3f\n", good, (ended.tv_sec - begun.tv_sec) + (ended.tv_nsec - begun.tv_nsec) / 1e9);
	return 0;
}
