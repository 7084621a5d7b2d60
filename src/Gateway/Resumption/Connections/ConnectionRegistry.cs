using Gateway.Activities;

namespace Gateway.Resumption.Connections;

/// <summary>Every configured connection by its name. Made once, at start: a wrong section stops the gateway.</summary>
internal sealed class ConnectionRegistry : IDisposable
{
    public const string Section = "Resume:Connections";

    private readonly Dictionary<string, Connection> connections = new(StringComparer.Ordinal);

    /// <exception cref="StartupException">A section is wrong; the message names the key.</exception>
    public ConnectionRegistry(IConfiguration configuration, IEnumerable<IEngineKind> kinds, TimeProvider time, Jitter jitter)
    {
        var known = kinds.ToDictionary(kind => kind.Kind.Wire(), StringComparer.Ordinal);
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            var word = section[nameof(ConnectionOptions.Kind)] ?? "";
            if (!known.TryGetValue(word, out var kind))
            {
                throw new StartupException($"{section.Path}:Kind must be one of {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
            }

            var (options, engine) = kind.Connect(new ConnectionSection(section.Key, section));
            connections.Add(section.Key, new Connection(section.Key, kind.Kind, options, engine, new ConnectionState(time, jitter), time));
        }
    }

    public IReadOnlyCollection<Connection> All => connections.Values;

    public Connection? Find(ResumeKind kind, string name) =>
        connections.TryGetValue(name, out var connection) && connection.Kind == kind ? connection : null;

    /// <summary>Largest result, failure or details for a target; null where its engine has no limit of its own.</summary>
    public int? LargestBody(ResumeTarget target) => Find(target.Kind, target.Address)?.LargestBody;

    /// <summary>What is wrong with the connection a registration names; null where nothing is.</summary>
    public string? Mistake(ResumeKind kind, string? name) => name is null
        ? "is required: the name of a configured connection"
        : !connections.TryGetValue(name, out var connection) ? "names no configured connection"
        : connection.Kind != kind ? $"is a connection of kind {connection.Kind.Wire()}, not {kind.Wire()}"
        : null;

    public void Dispose()
    {
        foreach (var connection in connections.Values)
        {
            connection.Dispose();
        }
    }
}
