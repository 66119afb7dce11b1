/* Preloaded into a program and what it starts: every call that could reach another machine is written down and done.

   One line a call in the file that PRIVACY_LOG names: process, program, call, family, where to. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void put(const char *call, int family, const char *where)
{
    const char *log = getenv("PRIVACY_LOG");
    int kept = errno, file;
    char line[1024];
    int length;
    if (!log || (file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0) {
        errno = kept;
        return;
    }
    length = snprintf(line, sizeof line, "%d\t%s\t%s\t%d\t%s\n", (int)getpid(), program_invocation_short_name, call,
                      family, where);
    if (length > (int)sizeof line)
        length = sizeof line;
    if (write(file, line, length) < 0) {
    }
    close(file);
    errno = kept;
}

static void put_address(const char *call, const struct sockaddr *to)
{
    char text[256] = "", host[INET6_ADDRSTRLEN] = "";
    if (!to)
        return;
    if (to->sa_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)to;
        inet_ntop(AF_INET, &in->sin_addr, host, sizeof host);
        snprintf(text, sizeof text, "%s:%d", host, ntohs(in->sin_port));
    } else if (to->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in = (const void *)to;
        inet_ntop(AF_INET6, &in->sin6_addr, host, sizeof host);
        snprintf(text, sizeof text, "[%s]:%d", host, ntohs(in->sin6_port));
    } else if (to->sa_family == AF_UNIX) {
        const struct sockaddr_un *un = (const void *)to;
        snprintf(text, sizeof text, "%s%.100s", un->sun_path[0] ? "" : "@", un->sun_path + !un->sun_path[0]);
    }
    put(call, to->sa_family, text);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int connect(int socket, const struct sockaddr *to, socklen_t length)
{
    put_address("connect", to);
    return REAL(connect)(socket, to, length);
}

int bind(int socket, const struct sockaddr *to, socklen_t length)
{
    put_address("bind", to);
    return REAL(bind)(socket, to, length);
}

ssize_t sendto(int socket, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length)
{
    put_address("sendto", to);
    return REAL(sendto)(socket, data, size, flags, to, length);
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags)
{
    put_address("sendmsg", message ? message->msg_name : NULL);
    return REAL(sendmsg)(socket, message, flags);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    put("getaddrinfo", AF_INET, node ? node : "(none)");
    return REAL(getaddrinfo)(node, service, hints, found);
}

struct hostent *gethostbyname(const char *name)
{
    put("gethostbyname", AF_INET, name ? name : "(none)");
    return REAL(gethostbyname)(name);
}
