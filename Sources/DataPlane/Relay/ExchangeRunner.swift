import Logging
import NIOCore
import Routing

/// Drives one ``ProxyExchange`` after another: hands it what happens, and does what it asks for, over any protocol.
final class ExchangeRunner {
  let loop: LoopContext
  let client: ClientInfo
  unowned let stream: any ClientStream
  /// The exchange that runs. No optional: it is large, and whoever looks into an optional moves all of it.
  private(set) var exchange = ProxyExchange.resting
  /// Whether a request is being served.
  private(set) var isRunning = false
  /// The name of the request, where its client has given none.
  private(set) var requestID = RequestID(loop: 0, number: 0)
  /// How the exchange stands after the last event.
  private(set) var standing = ExchangeStanding()
  var actions = ExchangeActions()
  var upstream: (any UpstreamStream)?
  /// The endpoint that the request is with.
  var dispatched: EndpointState?
  /// The endpoint whose in-flight count holds the request.
  var counted: EndpointState?
  /// What the exchange waits for a connection with.
  var ticket: UpstreamPool.Ticket?
  /// Tells the connection that was asked for last from those that nobody waits for any more.
  var attempt = 0
  /// The rules that the head of the request has left open.
  private var open: OpenRoute?
  /// The bytes of memory of the request's body that the loop was told of.
  private var heldBytes = 0
  /// The memory of the last request's body.
  private var storage: [ByteBuffer] = []
  private var isPerforming = false
  private var isInBurst = false
  private var started = NIODeadline.uptimeNanoseconds(0)
  /// When the bytes came that the choice of an endpoint waited for.
  private var arrived = NIODeadline.uptimeNanoseconds(0)
  /// The choice waits for further bytes of the body.
  private var awaitsFacts = false
  let upstreamDeadline: ConnectionDeadline<UpstreamWait>
  /// Whether the endpoint takes what is sent to it.
  var uploadWatch: StallWatch?
  /// The end of the time that the whole request has.
  let requestDeadline: ConnectionDeadline<Void>
  /// What a route's policy waits for; few routes have one.
  private(set) lazy var attemptDeadline = makeAttemptDeadline()
  /// The picker of the running request, while it has one.
  var pick: ActivePick?
  /// The running request's wait for room in its pool.
  var wait: QueueWait?
  /// Copies of the running request, as long as they are to be fed.
  var mirrors: [RequestCopy] = []
  /// This is itself such a copy: nobody is told of it.
  var isCopy = false

  init(loop: LoopContext, client: ClientInfo, stream: any ClientStream) {
    self.loop = loop
    self.client = client
    self.stream = stream
    upstreamDeadline = ConnectionDeadline(on: loop.eventLoop)
    requestDeadline = ConnectionDeadline(on: loop.eventLoop)
    requestDeadline.onPassed { [unowned self] in
      tell { $0.deadlineExceeded(into: &$1) }
      perform()
    }
    upstreamDeadline.onPassed { [unowned self] in upstreamPassed($0) }
  }

  /// A request's head has come, or what stands for one; `fault` makes it unfit to be served.
  func begin(_ head: RequestHead, _ framing: BodyFraming, fault: GatewayError?, passage: Passage? = nil) {
    loop.observer.requestStarted()
    requestID = loop.nextRequestID()
    started = loop.eventLoop.now
    (arrived, awaitsFacts) = (started, false)
    var (head, fault) = (head, fault)
    open = nil
    if fault == nil {
      switch loop.steps.route(head, client) {
      case .success(let route):
        open = route
        if let settled = route?.head { head = settled }
      case .failure(let error): fault = error
      }
    }
    exchange = ProxyExchange(
      head: head, framing: framing, need: open.map(\.need) ?? .model, fault: fault, passage: passage, client: client,
      callers: open?.callers, requestID: requestID,
      maximumBodyBytes: loop.configuration.maximumRequestBodyBytes,
      maximumReplayBytes: loop.configuration.maximumReplayBytes, storage: storage)
    storage = []
    isRunning = true
    startRequestDeadline()
    let isWritable = stream.isWritable
    tell {
      $0.clientWritability(isWritable, into: &$1)
      $0.begin(into: &$1)
    }
  }

  /// Serves a copy of a request that another runner serves.
  func begin(copyOf exchange: ProxyExchange, _ plan: ForwardPlan) {
    isCopy = true
    started = loop.eventLoop.now
    startRequestDeadline()
    self.exchange = exchange
    // The request that it is a copy of may have waited, until just now.
    self.exchange.waiting = nil
    isRunning = true
    tell { $0.decided(.forward(plan), into: &$1) }
    perform()
  }

  private func startRequestDeadline() {
    if let seconds = loop.configuration.requestTimeoutSeconds { requestDeadline.set((), in: .seconds(seconds)) }
  }

  /// What came as a head is none: answers that.
  func refuse(_ error: GatewayError) {
    loop.observer.requestStarted()
    requestID = loop.nextRequestID()
    started = loop.eventLoop.now
    var record = ProxyRecord()
    record.listenerAddress = client.listenerAddress
    record.listenerPort = client.listenerPort
    record.status = error.status
    record.error = error
    if loop.observer.wantsTexts {
      record.requestID = requestID.text(for: FieldBlock())
      record.client = client.address
    }
    record.responseBytes = stream.sendAnswer(error, ends: true)
    report(record)
    stream.finished(.complete(ends: true))
  }

  /// An event of the running exchange; what it asks for is done with ``perform()``.
  func tell(_ event: (inout ProxyExchange, inout ExchangeActions) -> Void) {
    guard isRunning else { return }
    standing = exchange.take(event, into: &actions)
  }

  /// Bytes of the body are about to be told.
  func bodyArrives() {
    guard awaitsFacts else { return }
    awaitsFacts = false
    arrived = loop.eventLoop.now
  }

  /// Carries out what the exchange asked for, including what is asked meanwhile.
  func perform() {
    guard !isPerforming else { return }
    isPerforming = true
    while let action = actions.popFirst() { perform(action) }
    isPerforming = false
    awaitsFacts = exchange.isInspecting
    accountForBody()
    if !isInBurst { flush() }
    upstream?.setReading(standing.readsUpstream)
    updateUpstreamDeadline()
    if pick != nil { followPicker() }
    stream.performed()
  }

  /// Bodies that are kept, and what is on its way to a picker and from it, may not take more memory, all together, than they are
  /// allowed to: who brings it to the limit is told to come back. A response that only its picker is slow to take is the client's all the
  /// same.
  private func accountForBody() {
    let held = standing.heldBytes + (pick?.session?.heldBytes ?? 0)
    let grows = held > heldBytes
    loop.heldBytes += held - heldBytes
    heldBytes = held
    guard grows, loop.heldBytes > loop.heldLimit else { return }
    if standing.picking == .watching, pick?.session != nil {
      pickFails("it takes the response's body too slowly, and this gateway has no memory left for it")
    } else {
      tell { $0.giveUp(.overloaded, ends: true, into: &$1) }
    }
    perform()
  }

  /// The endpoint's burst of bytes begins or ends: what is written in between is sent together.
  func setBurst(_ isInBurst: Bool) { self.isInBurst = isInBurst }

  private func flush() {
    stream.flush()
    upstream?.flush()
  }

  private func perform(_ action: ExchangeAction) {
    switch action {
    case .sendContinue: stream.sendContinue()
    case .decide(let facts): decide(facts)
    case .queue: if let request = exchange.waiting { queue(request) }
    case .ask(let picker): ask(picker)
    case .showResponse(let head, let endpoint, let hasBody): showResponse(head, from: endpoint, hasBody: hasBody)
    case .stopPicking(let ending): stopPicking(ending)
    case .dispatch(_, let fresh): dispatch(fresh: fresh)
    case .limitAttempt(let pause): attemptDeadline.set(.end, in: .nanoseconds(Int64(clamping: pause)))
    case .backOff(let pause): attemptDeadline.set(.begin, in: .nanoseconds(Int64(clamping: pause)))
    case .limitRequest(let limit): limitRequest(limit)
    case .countInFlight: count()
    case .upstreamHead: if let fields = exchange.upstreamFields { upstream?.write(exchange.outgoingHead, fields) }
    case .upstreamBody(let piece): upstream?.write(piece)
    case .upstreamTrailer(let fields): upstream?.write(trailer: fields)
    case .upstreamEnd: upstream?.writeEnd()
    case .endpointFailed(let endpoint):
      exchange.plan?.candidates.current.pool.fail(endpoint, now: loop.eventLoop.now.uptimeNanoseconds)
    case .releaseUpstream(let reusable):
      if let usage = upstream?.usage { exchange.record.usage = usage }
      release(reusable: reusable)
    case .clientInterim(let head): stream.sendInterim(head)
    case .clientHead(let head, let framing): sendHead(head, framing)
    case .clientUpgraded(let head): upgrade(head)
    case .clientBody(let piece):
      if exchange.record.firstBodyByteNanoseconds == nil { exchange.record.firstBodyByteNanoseconds = elapsed }
      showResponseBody(piece)
      stream.sendBody(piece)
    case .clientTrailer(let fields): stream.sendTrailer(fields)
    case .clientEnd:
      endResponseBody()
      stream.sendEnd()
    case .clientAnswer(let error, let ends):
      let bytes = stream.sendAnswer(timed(error), ends: ends)
      exchange.record.responseBytes = bytes
    case .finish(let ending): finish(ending)
    }
  }

  private func sendHead(_ head: ResponseHead, _ framing: BodyFraming) {
    dispatched?.succeed()
    // On a line of its own: what is assigned to a member of `nil` is not evaluated, and a rule may answer without an endpoint.
    let hasChunks = exchange.events == nil && exchange.heldResponse == nil && upstream?.hasChunks == true
    let relaysChunks = stream.sendHead(timed(signed(head)), framing, hasChunks: hasChunks)
    upstream?.relaysChunks = relaysChunks
    if exchange.tellsUsage { upstream?.readUsage() }
  }

  private func decide(_ facts: BodyFacts) {
    let decision = loop.steps.decide(exchange.head, client, open, facts)
    open = nil
    prepare(for: decision)
    tell { $0.decided(decision, into: &$1) }
    exchange.record.gatewayNanoseconds = UInt64(max(0, (loop.eventLoop.now - arrived).nanoseconds))
  }

  /// What a decision asks for before the exchange hears of it.
  func prepare(for decision: RoutingDecision) {
    guard case .forward(let plan) = decision else { return }
    plan.binding.pool.retries.deposit()
    if let copies = plan.treatment?.mirrors { mirror(copies) }
  }

  private func finish(_ ending: ExchangeAction.Ending) {
    endWaiting()
    if loop.observer.wantsTexts { exchange.nameInRecord() }
    let record = exchange.record
    if record.isTunnel { loop.tunnels -= 1 }
    requestDeadline.clear()
    if exchange.plan?.treatment != nil { attemptDeadline.clear() }
    storage = exchange.rest()
    isRunning = false
    standing = ExchangeStanding()
    endMirroring()
    endPicking()
    report(record)
    stream.finished(ending)
  }

  var elapsed: UInt64 { UInt64(max(0, (loop.eventLoop.now - started).nanoseconds)) }

  private func report(_ record: ProxyRecord) {
    var record = record
    record.durationNanoseconds = elapsed
    if !isCopy { loop.observer.requestFinished(record) }
    let level = record.error.map { Logger.Level($0.kind.treatment.logLevel) } ?? .debug
    guard loop.logger.logLevel <= level else { return }
    loop.logger.log(
      level: level, isCopy ? "mirrored request" : "request",
      metadata: [
        "status": "\(record.status)", "pool": "\(record.pool?.description ?? "-")", "model": "\(record.model ?? "-")",
        "endpoint": "\(record.endpoint?.description ?? "-")", "attempts": "\(record.attempts)",
        "milliseconds": "\(record.durationNanoseconds / 1_000_000)", "reason": "\(record.error?.kind.rawValue ?? "-")",
        "failure": "\(record.error?.message ?? "-")",
      ])
  }
}

extension ProxyExchange {
  /// Takes an event in its place: an exchange is large, and moving it would cost more than most events do.
  fileprivate mutating func take(
    _ event: (inout ProxyExchange, inout ExchangeActions) -> Void, into actions: inout ExchangeActions
  ) -> ExchangeStanding {
    event(&self, &actions)
    return standing
  }
}
