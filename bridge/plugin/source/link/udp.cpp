#include "udp.hpp"

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace stylus {

namespace {

constexpr int kMostBytes = 8192;  // docs/osc.md: longer packets are not sent

#ifdef _WIN32
using Handle = SOCKET;
const struct Winsock {
    Winsock() {
        WSADATA data;
        WSAStartup(MAKEWORD(2, 2), &data);
    }
} kWinsock;
int closeHandle(Handle handle) { return closesocket(handle); }
int pollOne(WSAPOLLFD* one, int waitMs) { return WSAPoll(one, 1, waitMs); }
using PollOne = WSAPOLLFD;
#else
using Handle = int;
int closeHandle(Handle handle) { return ::close(handle); }
int pollOne(pollfd* one, int waitMs) { return ::poll(one, 1, waitMs); }
using PollOne = pollfd;
#endif

}  // namespace

bool UdpSocket::connectTo(std::uint16_t port) {
    close();
    handle_ = static_cast<std::intptr_t>(::socket(AF_INET, SOCK_DGRAM, 0));
    if (handle_ == -1) return false;
#ifndef _WIN32
    ::fcntl(static_cast<Handle>(handle_), F_SETFD, FD_CLOEXEC);
#endif
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(port);
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(static_cast<Handle>(handle_), reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0) return true;
    close();
    return false;
}

void UdpSocket::close() {
    if (handle_ != -1) closeHandle(static_cast<Handle>(handle_));
    handle_ = -1;
}

bool UdpSocket::send(const std::string& packet) {
    if (handle_ == -1) return false;
    return ::send(static_cast<Handle>(handle_), packet.data(), static_cast<int>(packet.size()), 0) ==
           static_cast<int>(packet.size());
}

std::string UdpSocket::receive(int waitMs) {
    if (handle_ == -1) return {};
    PollOne one{static_cast<Handle>(handle_), POLLIN, 0};
    if (pollOne(&one, waitMs) <= 0) return {};
    std::string packet(kMostBytes, '\0');
    const auto count = ::recv(static_cast<Handle>(handle_), packet.data(), kMostBytes, 0);
    packet.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return packet;
}

}  // namespace stylus
