/// An expression as a tree.
indirect enum ExpressionNode: Sendable {
  case empty
  case set(ScalarSet)
  case start
  case end
  case sequence([ExpressionNode])
  case choice([ExpressionNode])
  case repetition(ExpressionNode, minimum: Int, maximum: Int?)
}
