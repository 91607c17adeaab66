import NIOCore
import Routing

/// Where a request came from, as its forwarding headers tell.
struct ClientInfo: Equatable {
  /// The client's IP address.
  var address: String?
  /// The address that the client connected to; `nil` when the gateway listens on all.
  var listenerAddress: String?
  /// The listener's port, as the Gateway declares it.
  var listenerPort: Int
  /// The listener of TLS that the connection was made for; `nil` in clear.
  var listener: ListenerID?

  /// Where it arrived, as the router asks.
  var arrival: Arrival {
    Arrival(address: listenerAddress, port: listenerPort, secureListener: listener)
  }
}

/// A name that tells a request from all others: of the event loop, and counted there.
struct RequestID: Equatable {
  var loop: UInt64
  var number: UInt64

  /// Writes it as `loop-number`, in hexadecimal digits.
  func write(into out: inout ByteBuffer) {
    Self.write(loop, into: &out)
    out.writeInteger(UInt8(ascii: "-"))
    Self.write(number, into: &out)
  }

  private static func write(_ number: UInt64, into out: inout ByteBuffer) {
    var shift = number == 0 ? 0 : (63 - number.leadingZeroBitCount) / 4 * 4
    while shift >= 0 {
      let digit = UInt8(number >> UInt64(shift) & 15)
      out.writeInteger(digit < 10 ? digit + 0x30 : digit - 10 + 0x61)
      shift -= 4
    }
  }
}
