import KubernetesAPI
import Routing

/// The routes, of which none shares a host name of a listener with a route of another kind: of two that would, the older one, which
/// comes first, keeps the listener.
///
/// Source: `GRPCRouteSpec.hostnames`, Gateway API v1.
func separatingKinds(_ routes: [TranslatedRoute]) -> [TranslatedRoute] {
  guard Set(routes.map(\.route.kind)).count > 1 else { return routes }
  var taken: [ListenerPlace: [TakenHostnames]] = [:]
  return routes.map { route in
    var route = route
    for index in route.attachments.indices where route.isAccepted(route.attachments[index]) {
      route.attachments[index].leave(to: &taken, route.route)
    }
    return route
  }
}

/// A listener of one of our Gateways, by their places.
struct ListenerPlace: Hashable {
  let gateway, listener: Int
}

/// What an accepted route serves at a listener.
private struct TakenHostnames {
  let route: RouteSource
  let hostnames: [HostnamePattern?]
}

extension RouteAttachment {
  /// Gives up the listeners where a route of another kind has a host name in common with `route`, and takes the others.
  fileprivate mutating func leave(to taken: inout [ListenerPlace: [TakenHostnames]], _ route: RouteSource) {
    var lost: [RouteSource] = []
    for (listener, served) in hostnames.sorted(by: { $0.key < $1.key }) {
      let place = ListenerPlace(gateway: gateway, listener: listener)
      let other = taken[place, default: []].first { $0.route.kind != route.kind && $0.hostnames.overlap(served) }
      if let other {
        lost.append(other.route)
        hostnames[listener] = nil
      } else {
        taken[place, default: []].append(TakenHostnames(route: route, hostnames: served))
      }
    }
    guard hostnames.isEmpty, let winner = lost.first else { return }
    problem = Finding(
      .hostnameConflict,
      "\(winner.kind.rawValue) \(winner.key), which is older, has host names in common with this route, and a listener takes only one "
        + "kind of route for a host name: give the two routes different spec.hostnames, or different listeners")
  }
}

extension [HostnamePattern?] {
  fileprivate func overlap(_ others: [HostnamePattern?]) -> Bool {
    contains { one in
      others.contains { other in
        guard let one, let other else { return true }
        return one.intersection(other) != nil
      }
    }
  }
}
