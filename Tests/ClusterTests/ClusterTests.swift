import Testing

/// What holds of every API server: the embedded one, and any that a kubeconfig names. Tests run one after the other.
@Suite(.serialized, .cluster) struct ClusterTests {}
