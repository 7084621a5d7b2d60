namespace Gateway.Observability;

/// <summary>Proves that the storage can be read and written; throws where it cannot.</summary>
internal delegate Task StorageProbe(CancellationToken cancellationToken);
