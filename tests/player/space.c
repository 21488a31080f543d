/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A network of a script's own: a namespace with nothing but a loopback interface, which takes
 * any address, has every port free and reaches nobody.  The file that names the resolver is
 * replaced inside it, so that c-ares asks our own.  Needs root or user namespaces; where neither
 * is to be had, the script fails.
 */
#include "player.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

static bool
write_file(const char *path, const char *content)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	bool good = fd >= 0 && write(fd, content, strlen(content)) == (ssize_t)strlen(content);

	if (fd >= 0)
		close(fd);
	return good;
}

static bool
become_root(uid_t uid, gid_t gid)
{
	struct text map = {0};
	bool good;

	good = write_file("/proc/self/setgroups", "deny");
	text_printf(&map, "0 %u 1", (unsigned)uid);
	good = good && write_file("/proc/self/uid_map", map.at);
	map.len = 0;
	text_printf(&map, "0 %u 1", (unsigned)gid);
	return good && write_file("/proc/self/gid_map", map.at);
}

static bool
raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool good;

	good = fd >= 0 && !ioctl(fd, SIOCGIFFLAGS, &request);
	if (good && !(request.ifr_flags & IFF_UP)) {
		request.ifr_flags |= IFF_UP;
		good = !ioctl(fd, SIOCSIFFLAGS, &request);
	}
	if (fd >= 0)
		close(fd);
	return good;
}

/* A file that the machine does not have needs no replacement: a minimal Debian has no /etc/hosts. */
static bool
replace_file(struct play *p, const char *name, const char *target, const char *content)
{
	struct text path = {0};

	if (access(target, F_OK) != 0)
		return errno == ENOENT;
	text_printf(&path, "%s/%s", p->dir, name);
	return write_file(path.at, content) && !mount(path.at, target, NULL, MS_BIND, NULL);
}

bool
space_enter(struct play *p)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	pid_t parent = getppid();

	if (unshare(CLONE_NEWNS | CLONE_NEWNET | (uid ? CLONE_NEWUSER : 0)))
		return play_fail(p, "no namespace of its own: %s", strerror(errno));
	tether(parent);
	if (uid && !become_root(uid, gid))
		return play_fail(p, "mapping the user: %s", strerror(errno));
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return play_fail(p, "private mounts: %s", strerror(errno));
	if (!replace_file(p, "resolv.conf", "/etc/resolv.conf",
	    "nameserver 127.0.0.1\noptions timeout:30 attempts:1\n") ||
	    !replace_file(p, "hosts", "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"))
		return play_fail(p, "replacing the resolver's files: %s", strerror(errno));
	return raise_loopback() || play_fail(p, "raising lo: %s", strerror(errno));
}

struct address_request {
	struct nlmsghdr head;
	struct ifaddrmsg body;
	struct rtattr attribute;
	unsigned char address[16];
};

static bool
netlink_ask(const void *request, size_t len)
{
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[1024];
	} reply = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool good = fd >= 0 && send(fd, request, len, 0) == (ssize_t)len &&
	    recv(fd, &reply, sizeof(reply), 0) > 0;

	if (fd >= 0)
		close(fd);
	errno = good ? -reply.error.error : errno;
	return good && reply.head.nlmsg_type == NLMSG_ERROR && !reply.error.error;
}

/* Of an IPv6 address the kernel makes the route a moment after it has said yes. */
static bool
routed(const unsigned char *address)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool good = false;

	memcpy(&to.sin6_addr, address, sizeof(to.sin6_addr));
	for (int i = 0; fd >= 0 && !good && i < 5000; i++) {
		good = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0;
		if (!good)
			poll(NULL, 0, 1);
	}
	if (fd >= 0)
		close(fd);
	return good;
}

static bool
act_address(struct play *p, const struct step *s)
{
	struct address_request r = {
		.head.nlmsg_type = RTM_NEWADDR,
		.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
		.body.ifa_flags = IFA_F_NODAD,
		.body.ifa_index = if_nametoindex("lo"),
		.attribute.rta_type = IFA_LOCAL,
	};
	size_t size;

	if (inet_pton(AF_INET, s->arg, r.address) == 1)
		r.body.ifa_family = AF_INET;
	else if (inet_pton(AF_INET6, s->arg, r.address) == 1)
		r.body.ifa_family = AF_INET6;
	else
		return play_fail(p, "wanted: address ADDRESS");
	size = r.body.ifa_family == AF_INET ? 4 : 16;
	r.body.ifa_prefixlen = (unsigned char)(size * 8);
	r.attribute.rta_len = (unsigned short)RTA_LENGTH(size);
	r.head.nlmsg_len = (unsigned)(offsetof(struct address_request, address) + size);
	return (netlink_ask(&r, r.head.nlmsg_len) && (size == 4 || routed(r.address))) ||
	    play_fail(p, "address %s: %s", s->arg, strerror(errno));
}

/* lo is all there is: the word alone is enough to have the script moved here. */
static bool
act_namespace(struct play *p, const struct step *s)
{
	(void)p;
	(void)s;
	return true;
}

/* A route into lo for an address that is not ours: what is sent there comes to nothing, and no
 * ICMP tells of it. */
static bool
act_blackhole(struct play *p, const struct step *s)
{
	struct {
		struct nlmsghdr head;
		struct rtmsg body;
		struct rtattr to;
		unsigned char address[4];
		struct rtattr by;
		unsigned index;
	} r = {
		.head.nlmsg_len = sizeof(r),
		.head.nlmsg_type = RTM_NEWROUTE,
		.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE,
		.body.rtm_family = AF_INET, .body.rtm_dst_len = 32,
		.body.rtm_table = RT_TABLE_MAIN, .body.rtm_protocol = RTPROT_STATIC,
		.body.rtm_scope = RT_SCOPE_LINK, .body.rtm_type = RTN_UNICAST,
		.to.rta_len = RTA_LENGTH(4), .to.rta_type = RTA_DST,
		.by.rta_len = RTA_LENGTH(sizeof(unsigned)), .by.rta_type = RTA_OIF,
		.index = if_nametoindex("lo"),
	};

	if (inet_pton(AF_INET, s->arg, r.address) != 1)
		return play_fail(p, "wanted: blackhole IPV4-ADDRESS");
	return netlink_ask(&r, sizeof(r)) ||
	    play_fail(p, "blackhole %s: %s", s->arg, strerror(errno));
}

const struct directive space_directives[] = {
	{ .name = "namespace", .stage = STAGE_SPACE, .act = act_namespace },
	{ .name = "address", .stage = STAGE_SPACE, .act = act_address },
	{ .name = "blackhole", .stage = STAGE_SPACE, .act = act_blackhole },
	{ .name = NULL },
};
