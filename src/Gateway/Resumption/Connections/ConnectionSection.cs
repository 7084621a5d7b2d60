namespace Gateway.Resumption.Connections;

/// <summary>One connection's part of the configuration, read and checked: what is wrong stops the gateway with its key.</summary>
internal sealed class ConnectionSection(string name, IConfigurationSection section)
{
    public string Name => name;

    /// <exception cref="StartupException">A key is unknown, missing or has a wrong value.</exception>
    public T Read<T>()
        where T : ConnectionOptions, new()
    {
        RefuseUnknown(section, typeof(T));
        RefuseUnknown(section.GetSection(nameof(ConnectionOptions.Tls)), typeof(TlsOptions));
        var options = new T();
        section.Bind(options);
        foreach (var (key, message) in options.Check())
        {
            throw Wrong(key, message);
        }

        return options;
    }

    public StartupException Wrong(string key, string message) => new($"{section.Path}:{key} {message}.");

    /// <summary>A misspelt key would otherwise be a default in disguise.</summary>
    private static void RefuseUnknown(IConfigurationSection section, Type type)
    {
        var known = type.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (section.GetChildren().FirstOrDefault(child => !known.Contains(child.Key)) is { } unknown)
        {
            throw new StartupException($"{unknown.Path} is no key of a connection; known here are {string.Join(", ", known.Order(StringComparer.Ordinal))}.");
        }
    }
}
