namespace Gateway;

/// <summary>The gateway cannot start as configured. The message is the one line an operator gets: it names the key.</summary>
internal sealed class StartupException(string message) : Exception(message);
