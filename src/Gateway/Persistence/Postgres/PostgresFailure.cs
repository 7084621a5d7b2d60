using System.Net.Sockets;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>What an exception of the driver means to a caller.</summary>
internal static class PostgresFailure
{
    /// <summary>
    /// Two transactions met: nothing of this one stays, and the same again will do. A unique violation is one too, because
    /// every statement that may meet its like either says so or looks before it writes.
    /// </summary>
    public static bool IsConflict(Exception exception) => exception is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation,
    };

    /// <summary>
    /// The server or the way to it: whatever is asked next fails too, until it is back. By class: connection (08), read-only
    /// because a standby answers (25006), access (28), resources (53), operator (57), system (58), missing database (3D).
    /// </summary>
    public static bool IsDown(Exception exception) => exception switch
    {
        PostgresException refused => refused.SqlState[..2] is "08" or "28" or "3D" or "53" or "57" or "58" || refused.SqlState == "25006",
        NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException or OperationCanceledException => true,
        _ => false,
    };

    /// <summary>Whether the server answered: then it says itself that nothing was committed.</summary>
    public static bool IsAnswer(Exception exception) => exception is PostgresException;

    /// <summary>The driver's words without what may hold a secret: it never quotes the connection string.</summary>
    public static StorageDownException Down(Exception exception) => new("PostgreSQL is unavailable.", exception);
}
