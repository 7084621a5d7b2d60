using System.Collections.Concurrent;
using System.Threading.Channels;
using Gateway.Activities;
using Gateway.Resumption;

namespace Gateway.Tests.Resumption;

/// <summary>Answers by target as the test says, and counts how many attempts a target has under way.</summary>
internal sealed class ScriptedResumer : IResumer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Func<ResumptionAttempt, CancellationToken, Task<ResumeResult>>> scripts = [];
    private readonly Channel<ResumptionAttempt> started = Channel.CreateUnbounded<ResumptionAttempt>();
    private readonly Lock gate = new();
    private readonly Dictionary<string, (int Now, int Most)> underWay = [];

    public static ResumeResult Delivered { get; } = new ResumeResult.Delivered("taken");

    public ResumeKind Kind => ResumeKind.Webhook;

    public TimeSpan AttemptTimeout => TimeSpan.FromSeconds(10);

    public int LaneConcurrency => 4;

    public int MaxAttempts { get; set; } = 3;

    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(3);

    public void Script(string url, Func<ResumptionAttempt, CancellationToken, Task<ResumeResult>> answer) => scripts[url] = answer;

    public void Script(string url, ResumeResult answer) => Script(url, (_, _) => Task.FromResult(answer));

    /// <summary>Attempts at this target hang until they are cancelled.</summary>
    public void Hang(string url) => Script(url, async (_, cancellationToken) =>
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return Delivered;
    });

    /// <summary>The next attempt that started; fails after half a minute without one.</summary>
    public async Task<ResumptionAttempt> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await started.Reader.ReadAsync(patience.Token);
    }

    public bool TryNext(out ResumptionAttempt? attempt) => started.Reader.TryRead(out attempt);

    /// <summary>The most attempts one target ever had under way.</summary>
    public int MostAt(string url)
    {
        lock (gate)
        {
            return underWay.GetValueOrDefault(url).Most;
        }
    }

    public async Task<ResumeResult> ResumeAsync(ResumptionAttempt attempt, CancellationToken cancellationToken)
    {
        var url = attempt.Target.Address;
        Count(url, 1);
        try
        {
            started.Writer.TryWrite(attempt);
            return scripts.TryGetValue(url, out var script) ? await script(attempt, cancellationToken) : Delivered;
        }
        finally
        {
            Count(url, -1);
        }
    }

    private void Count(string url, int change)
    {
        lock (gate)
        {
            var (now, most) = underWay.GetValueOrDefault(url);
            underWay[url] = (now + change, Math.Max(most, now + change));
        }
    }
}
