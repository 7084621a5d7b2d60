using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Gateway.Activities;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Benchmarks.HotPath;

/// <summary>
/// Outcomes that wait for the disk together: a batch of one pays a sync alone, larger ones share it. On the disk of the
/// temporary directory, <c>synchronous=FULL</c>.
/// </summary>
[Config(typeof(Settings))]
public class CommitBenchmarks : IDisposable
{
    private DirectoryInfo _directory = null!;
    private SqliteStorage _storage = null!;
    private (WorkflowActivity Activity, Transition.Applied Transition)[] _closings = [];
    private int _registered;

    [Params(1, 16, 64, 256)]
    public int Outcomes { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("gateway-commits-");
        var options = Options.Create(new StorageOptions { DataDirectory = _directory.FullName });
        _storage = new SqliteStorage(options, TimeProvider.System, static _ => { }, NullLogger<SqliteStorage>.Instance);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _storage.Dispose();
        _directory.Delete(recursive: true);
    }

    [IterationSetup]
    public void Register()
    {
        var now = TimeProvider.System.GetUtcNow();
        var registrations = Enumerable.Range(0, Outcomes).Select(_ => Registration(now)).ToList();
        _storage.Activities.RegisterAsync(registrations, now).GetAwaiter().GetResult();
        _closings = [.. registrations.Select(registration => (registration.Activity, Applied(registration.Activity, now)))];
    }

    [Benchmark]
    public Task CloseTogether() =>
        Task.WhenAll(_closings.Select(closing => _storage.Activities.CloseAsync(closing.Activity, closing.Transition)));

    private NewActivity Registration(DateTimeOffset now)
    {
        var id = ActivityId.New(now);
        var activity = new WorkflowActivity
        {
            Id = id,
            Reference = new WorkflowReference("default", $"order-{_registered++}", "", "charge-card", 1),
            CreatedAt = now,
            Deadline = now.AddDays(7),
            Resume = new ResumeTarget(ResumeKind.Pull, "default"),
        };
        return new NewActivity(activity, null, id.ToBytes()[..16]);
    }

    private static Transition.Applied Applied(WorkflowActivity activity, DateTimeOffset now)
    {
        var body = Encoding.UTF8.GetBytes("""{"chargeId":"ch_000000001","amount":129.90,"currency":"EUR","captured":true,"note":"load"}""");
        return (Transition.Applied)activity.Close(new Outcome.Completed(body, OutcomeDigest.Of(body)), ClosedBy.Token, now);
    }

    /// <summary>One batch an iteration: what is closed cannot be closed again.</summary>
    private sealed class Settings : ManualConfig
    {
        public Settings() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(20).WithIterationCount(100).WithInvocationCount(1).WithUnrollFactor(1));
    }
}
