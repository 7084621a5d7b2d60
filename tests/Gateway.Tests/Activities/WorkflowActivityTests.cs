using Gateway.Activities;

namespace Gateway.Tests.Activities;

public sealed class WorkflowActivityTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly WorkflowActivity Pending = new()
    {
        Id = new ActivityId(Guid.Parse("01980000-0000-7000-8000-0123456789ab")),
        Reference = new WorkflowReference("default", "w", "", "a", 1),
        CreatedAt = Start,
        Deadline = Start.AddHours(1),
        Resume = new ResumeTarget(ResumeKind.Pull, "default"),
    };

    private static Outcome.Completed Completed(string body) => new(Bytes(body), OutcomeDigest.Of(Bytes(body)));

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    [Fact]
    public void A_pending_activity_takes_the_first_end()
    {
        var applied = Assert.IsType<Transition.Applied>(Pending.Close(Completed("1"), ClosedBy.Token, Start));
        Assert.Equal(ActivityState.Completed, applied.Closing.State);
        Assert.Equal(Start, applied.Closing.ClosedAt);
        Assert.Equal("1", System.Text.Encoding.UTF8.GetString(applied.Body.Span));
        Assert.Equal(ActivityState.Pending, Pending.State);
    }

    [Fact]
    public void The_same_call_again_is_a_repeat_and_another_one_conflicts()
    {
        var closed = Closed(Completed("1"), ClosedBy.Token);
        Assert.IsType<Transition.Repeated>(closed.Close(Completed("1"), ClosedBy.Token, Start));
        Assert.IsType<Transition.Repeated>(closed.Close(Completed("1"), ClosedBy.Runner, Start.AddDays(9)));
        Assert.IsType<Transition.Conflicting>(closed.Close(Completed("2"), ClosedBy.Token, Start));
        Assert.IsType<Transition.Conflicting>(closed.Close(new Outcome.Failed(Bytes("1"), OutcomeDigest.Of(Bytes("1"))), ClosedBy.Token, Start));
    }

    [Fact]
    public void A_canceled_or_timed_out_activity_is_gone_for_everybody_else()
    {
        var canceled = Closed(new Outcome.Canceled(default, OutcomeDigest.Of([]), "no"), ClosedBy.Runner);
        Assert.Equal("no", Assert.IsType<Transition.Gone>(canceled.Close(Completed("1"), ClosedBy.Token, Start)).Closing.Reason);
        var timedOut = Pending with { Closing = Pending.Expire(Start.AddHours(1))!.Closing };
        Assert.Equal(ActivityState.TimedOut, Assert.IsType<Transition.Gone>(timedOut.Close(Completed("1"), ClosedBy.Token, Start)).Closing.State);
    }

    [Fact]
    public void A_value_written_by_a_deadline_is_nobodys_repeat()
    {
        var activity = Pending with { OnTimeoutResult = Bytes("1") };
        var expired = activity with { Closing = activity.Expire(Start.AddHours(1))!.Closing };
        Assert.Equal(ActivityState.Completed, expired.State);
        Assert.Equal(ClosedBy.Timeout, expired.Closing!.ClosedBy);
        Assert.IsType<Transition.Conflicting>(expired.Close(Completed("1"), ClosedBy.Token, Start));
    }

    [Fact]
    public void A_deadline_is_over_at_its_very_moment()
    {
        var before = Start.AddHours(1).AddTicks(-10);
        Assert.IsType<Transition.Applied>(Pending.Close(Completed("1"), ClosedBy.Token, before));
        Assert.IsType<Transition.Overdue>(Pending.Close(Completed("1"), ClosedBy.Token, Start.AddHours(1)));
        Assert.Null(Pending.Expire(before));
        Assert.Equal(TimeoutKind.Schedule, Pending.Expire(Start.AddHours(1))!.Closing.TimeoutKind);
    }

    [Fact]
    public void A_heartbeat_moves_its_own_deadline_and_never_the_overall_one()
    {
        var beating = Pending with { HeartbeatTimeout = TimeSpan.FromMinutes(5), HeartbeatDeadline = Start.AddMinutes(5) };
        var applied = Assert.IsType<HeartbeatTransition.Applied>(beating.Heartbeat(Start.AddMinutes(4)));
        Assert.Equal(Start.AddMinutes(9), applied.HeartbeatDeadline);
        Assert.IsType<HeartbeatTransition.Overdue>(beating.Heartbeat(Start.AddMinutes(5)));
        Assert.Equal(TimeoutKind.Heartbeat, beating.Expire(Start.AddMinutes(5))!.Closing.TimeoutKind);
        Assert.Null(Assert.IsType<HeartbeatTransition.Applied>(Pending.Heartbeat(Start)).HeartbeatDeadline);
    }

    [Fact]
    public void The_earlier_deadline_decides_which_clock_ran_out()
    {
        var late = Pending with { HeartbeatTimeout = TimeSpan.FromHours(2), HeartbeatDeadline = Start.AddHours(2) };
        Assert.Equal(TimeoutKind.Schedule, late.Expire(Start.AddHours(3))!.Closing.TimeoutKind);
        Assert.Equal(Start.AddHours(1), late.NextDue);
    }

    [Fact]
    public void A_closed_activity_is_neither_expired_nor_superseded_nor_kept_alive()
    {
        var closed = Closed(Completed("1"), ClosedBy.Token);
        Assert.Null(closed.Expire(Start.AddDays(1)));
        Assert.Null(closed.Supersede(Start.AddDays(1)));
        Assert.IsType<HeartbeatTransition.Closed>(closed.Heartbeat(Start));
    }

    [Fact]
    public void A_superseded_attempt_says_so()
    {
        var closing = Pending.Supersede(Start)!.Closing;
        Assert.Equal((ActivityState.Canceled, ClosedBy.Superseded, "superseded"), (closing.State, closing.ClosedBy, closing.Reason));
    }

    [Fact]
    public void A_pull_queue_belongs_to_its_namespace_and_a_webhook_lane_hides_the_query()
    {
        Assert.Equal("a/q", new ResumeTarget(ResumeKind.Pull, "q").Lane("a"));
        Assert.Equal("https://x.example/hook", new ResumeTarget(ResumeKind.Webhook, "https://x.example/hook?secret=1").Lane("a"));
        Assert.Equal("https://x.example", new ResumeTarget(ResumeKind.Webhook, "https://x.example/hook?secret=1").PublicAddress);
    }

    private static WorkflowActivity Closed(Outcome outcome, ClosedBy by) =>
        Pending with { Closing = Assert.IsType<Transition.Applied>(Pending.Close(outcome, by, Start)).Closing };
}
