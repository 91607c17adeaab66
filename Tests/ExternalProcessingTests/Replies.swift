import Foundation
import Routing
import SwiftProtobuf

@testable import ExternalProcessing

/// Messages of pickers, as tests write them.
enum Replies {
  typealias Reply = Envoy_Service_ExtProc_V3_ProcessingResponse
  typealias Option = Envoy_Service_ExtProc_V3_HeaderValueOption

  static let endpoint = "10.0.0.1:8000"

  /// The head is answered: with a destination, further headers, and those that go.
  static func head(
    _ destination: String? = endpoint, metadata: String? = nil, set: [Option] = [], remove: [String] = []
  ) -> Reply {
    var reply = Reply()
    var mutation = Envoy_Service_ExtProc_V3_HeaderMutation()
    if let destination { mutation.setHeaders.append(option("x-gateway-destination-endpoint", destination)) }
    mutation.setHeaders += set
    mutation.removeHeaders = remove
    reply.requestHeaders.response.headerMutation = mutation
    if let metadata { reply.dynamicMetadata = Replies.metadata(metadata) }
    return reply
  }

  /// The head is answered with a body in place of the client's.
  static func replacing(_ body: String) -> Reply {
    var reply = head()
    reply.requestHeaders.response.status = .continueAndReplace
    reply.requestHeaders.response.bodyMutation.body = Data(body.utf8)
    return reply
  }

  static func metadata(_ destination: String) -> Google_Protobuf_Struct {
    let told: Google_Protobuf_Struct = [
      "x-gateway-destination-endpoint": Google_Protobuf_Value(stringValue: destination)
    ]
    return ["envoy.lb": Google_Protobuf_Value(structValue: told)]
  }

  static func option(_ name: String, _ value: String, _ change: (inout Option) -> Void = { _ in }) -> Option {
    var option = Option()
    option.header.key = name
    option.header.rawValue = Data(value.utf8)
    change(&option)
    return option
  }

  /// A message of the body is answered, and nothing said.
  static var silence: Reply {
    var reply = Reply()
    reply.requestBody.response = Envoy_Service_ExtProc_V3_CommonResponse()
    return reply
  }

  /// A part of the body that goes on in place of the client's.
  static func streamed(_ text: String, ends: Bool = false) -> Reply {
    var reply = Reply()
    reply.requestBody.response.bodyMutation.streamedResponse.body = Data(text.utf8)
    reply.requestBody.response.bodyMutation.streamedResponse.endOfStream = ends
    return reply
  }

  /// A change of the body that only buffered modes have.
  static func buffered(_ text: String?) -> Reply {
    var reply = Reply()
    if let text {
      reply.requestBody.response.bodyMutation.body = Data(text.utf8)
    } else {
      reply.requestBody.response.bodyMutation.clearBody_p = true
    }
    return reply
  }

  /// The head of the response is answered.
  static func response(_ set: [Option] = [], remove: [String] = []) -> Reply {
    var reply = Reply()
    reply.responseHeaders.response.headerMutation.setHeaders = set
    reply.responseHeaders.response.headerMutation.removeHeaders = remove
    return reply
  }

  /// The picker's own answer.
  static func immediate(_ status: Int, _ body: String = "", set: [Option] = []) -> Reply {
    var reply = Reply()
    reply.immediateResponse.status.code = UInt32(status)
    reply.immediateResponse.body = Data(body.utf8)
    reply.immediateResponse.headers.setHeaders = set
    return reply
  }
}

/// What happens on the stream of a request.
enum Turn: Sendable {
  /// The body has been shown whole.
  case bodyShown
  /// The head of the response has been shown.
  case responseShown
  case reply(Replies.Reply)
  case malformed(String)
  case closed(GRPCEnd)

  static let cleanEnd = Turn.closed(.status(0, ""))
}

/// Plays turns; returns what the picker's stream asks for.
func play(_ turns: [Turn], hasBody: Bool = true, maximumBodyBytes: Int = 1 << 20) -> [PickerStream.Action] {
  var stream = PickerStream(hasBody: hasBody, maximumBodyBytes: maximumBodyBytes)
  return turns.flatMap { turn -> [PickerStream.Action] in
    switch turn {
    case .bodyShown: stream.bodyShown()
    // A response is shown once, of a request that was picked for.
    case .responseShown where ![.picked, .ended].contains(stream.phase): return []
    case .responseShown: return stream.responseShown() ? [] : [.say(.ended)]
    case .reply(let reply): return stream.received(reply)
    case .malformed(let reason): return stream.malformed(reason)
    case .closed(let end): return stream.closed(end)
    }
    return []
  }
}

/// A request that is picked for.
func picked(
  _ endpoints: [String] = [Replies.endpoint], head: [HeadMutation.Step] = [], body: [String]? = nil
) -> PickerStream.Action {
  let named = PickedEndpoints.parse(endpoints.joined(separator: ","))
  let destination = HeadMutation.Step.set("x-gateway-destination-endpoint", endpoints.joined(separator: ","))
  return .say(
    .picked(
      PickedRequest(
        endpoints: named, head: HeadMutation([destination] + head), body: body.map { $0.map { Array($0.utf8) } })))
}
