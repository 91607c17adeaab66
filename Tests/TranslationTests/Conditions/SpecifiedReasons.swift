/// The conditions and reasons of the specifications, by the section of docs/api.md that tells of them.
///
/// Sources: `apis/v1/*_types.go`, Gateway API v1.6.1; `api/v1/inferencepool_types.go`, Gateway API Inference Extension v1.6.0;
/// `api/v1alpha2/*_types.go`, v0.5.1; `apix/v1alpha2/*_types.go`, llm-d-router.
enum SpecifiedReasons {
  private static let text = """
    GatewayClass
    Accepted: Accepted InvalidParameters Pending Unsupported UnsupportedVersion Waiting
    SupportedVersion: SupportedVersion UnsupportedVersion
    Gateway
    Accepted: Accepted ListenersNotValid Invalid InvalidParameters NotReconciled UnsupportedAddress Pending
    Programmed: Programmed Invalid Pending NoResources AddressNotAssigned AddressNotUsable
    ResolvedRefs: ResolvedRefs RefNotPermitted InvalidClientCertificateRef ListenersNotResolved
    InsecureFrontendValidationMode: ConfigurationChanged
    Scheduled: Scheduled
    Ready: Ready ListenersNotReady
    Listeners of Gateways
    Accepted: Accepted PortUnavailable UnsupportedProtocol NoValidCACertificate UnsupportedValue Pending
    Programmed: Programmed Invalid Pending
    ResolvedRefs: ResolvedRefs InvalidCertificateRef InvalidRouteKinds RefNotPermitted InvalidCACertificateRef InvalidCACertificateKind
    Conflicted: NoConflicts HostnameConflict ProtocolConflict
    OverlappingTLSConfig: OverlappingHostnames OverlappingCertificates
    Detached: Attached
    Ready: Ready
    ListenerSet
    Accepted: Accepted Invalid NotAllowed ParentNotAccepted ListenersNotValid Pending
    Programmed: Programmed Invalid ParentNotProgrammed ListenersNotValid PortUnavailable Pending
    Listeners of ListenerSets
    Accepted: Accepted PortUnavailable UnsupportedProtocol TooManyListeners Pending Invalid
    Programmed: Programmed Invalid PortUnavailable Pending
    ResolvedRefs: ResolvedRefs InvalidCertificateRef InvalidRouteKinds RefNotPermitted
    Conflicted: NoConflicts HostnameConflict ProtocolConflict ListenerConflict
    Ready: Ready
    HTTPRoute, GRPCRoute and TLSRoute
    Accepted: Accepted NotAllowedByListeners NoMatchingListenerHostname NoMatchingParent UnsupportedValue Pending IncompatibleFilters
    ResolvedRefs: ResolvedRefs RefNotPermitted InvalidKind BackendNotFound UnsupportedProtocol
    PartiallyInvalid: UnsupportedValue
    TCPRoute and UDPRoute
    Accepted: Accepted NotAllowedByListeners NoMatchingListenerHostname NoMatchingParent UnsupportedValue Pending IncompatibleFilters
    ResolvedRefs: ResolvedRefs RefNotPermitted InvalidKind BackendNotFound UnsupportedProtocol
    PartiallyInvalid: UnsupportedValue
    BackendTLSPolicy
    Accepted: Accepted Conflicted Invalid TargetNotFound NoValidCACertificate
    ResolvedRefs: ResolvedRefs InvalidCACertificateRef InvalidKind
    InferencePool
    Accepted: Accepted NotSupportedByParent HTTPRouteNotAccepted EndpointPickerRefMissing NotSupportedByGateway Pending
    ResolvedRefs: ResolvedRefs InvalidExtensionRef
    Exported: Exported NotRequested NotSupported
    InferenceModel
    Accepted: Accepted ModelNameInUse Pending
    InferenceObjective
    Accepted: Accepted Pending
    InferenceModelRewrite
    Accepted: Accepted Pending
    """

  /// `TYPE REASON` of each section.
  static let all: [String: [String]] = {
    var (all, section): ([String: [String]], String) = ([:], "")
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":").map(String.init)
      guard parts.count == 2 else {
        section = String(line)
        continue
      }
      all[section, default: []] += parts[1].split(separator: " ").map { "\(parts[0]) \($0)" }
    }
    return all
  }()
}
