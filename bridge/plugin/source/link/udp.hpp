// One UDP socket that talks to one port of this computer.
#pragma once

#include <cstdint>
#include <string>

namespace stylus {

class UdpSocket {
public:
    UdpSocket() = default;
    ~UdpSocket() { close(); }
    UdpSocket(const UdpSocket&) = delete;
    UdpSocket& operator=(const UdpSocket&) = delete;

    /// Talk to `port` of 127.0.0.1 from now on. False if there are no sockets, as in some sandboxes.
    bool connectTo(std::uint16_t port);
    void close();

    /// False if it certainly did not arrive: nobody has the port open.
    bool send(const std::string& packet);

    /// Waits up to `waitMs` for a packet; empty if none came.
    std::string receive(int waitMs);

private:
    std::intptr_t handle_ = -1;
};

}  // namespace stylus
