using System.Text;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Benchmarks.Load;

/// <summary>
/// Puts pending activities into an embedded database before the gateway starts, through the gateway's own store: millions of
/// them by way of HTTP would take most of an hour.
/// </summary>
internal static class Filler
{
    private const int BatchSize = 2_000;

    /// <param name="keepOneOf">One of so many is told to the caller.</param>
    public static async Task<List<ActivityId>> FillAsync(string directory, int count, string? schema, int keepOneOf)
    {
        var options = Options.Create(new StorageOptions { DataDirectory = directory, MaxQueuedBytes = int.MaxValue });
        using var storage = new SqliteStorage(options, TimeProvider.System, static _ => { }, NullLogger<SqliteStorage>.Instance);
        var known = schema is null ? null : new KnownSchema(Encoding.UTF8.GetBytes(schema));
        var kept = new List<ActivityId>(count / keepOneOf + 1);
        Task<Registered[]>? storing = null;
        for (var done = 0; done < count;)
        {
            var batch = new List<NewActivity>(BatchSize);
            for (; batch.Count < BatchSize && done < count; done++)
            {
                var activity = Pending(done);
                batch.Add(new NewActivity(activity, known, activity.Id.ToBytes()));
                if (done % keepOneOf == 0)
                {
                    kept.Add(activity.Id);
                }
            }

            // The next batch is made while this one is stored.
            await (storing ?? Task.CompletedTask);
            storing = storage.Activities.RegisterAsync(batch, TimeProvider.System.GetUtcNow());
        }

        await (storing ?? Task.CompletedTask);
        return kept;
    }

    private static WorkflowActivity Pending(int number)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new WorkflowActivity
        {
            Id = ActivityId.New(now),
            Reference = new WorkflowReference("default", $"pending-{number}", "", "charge-card", 1),
            ActivityType = "ChargeCard",
            CreatedAt = now,
            Deadline = now.AddDays(7),
            Resume = new ResumeTarget(ResumeKind.Pull, "default"),
            Labels = new Dictionary<string, string> { ["customer"] = $"{number % 1000}", ["region"] = "eu", ["tier"] = "gold" },
        };
    }
}
