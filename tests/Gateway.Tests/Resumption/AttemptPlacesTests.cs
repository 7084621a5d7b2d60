using Gateway.Activities;
using Gateway.Resumption;

namespace Gateway.Tests.Resumption;

public sealed class AttemptPlacesTests
{
    private readonly AttemptPlaces places = new(total: 10, perHost: 6);

    [Fact]
    public void A_new_lane_gets_one_place()
    {
        Assert.Equal(1, places.Take(Lane("a"), 8));
        Assert.Equal(0, places.Take(Lane("a"), 8));
        Assert.Equal(1, places.Take(Lane("b"), 8));
    }

    [Fact]
    public void A_lane_that_delivers_gains_one_place_each_time_up_to_its_limit()
    {
        places.Take(Lane("a"), 3);
        places.Finish(Lane("a"), delivered: true);
        Assert.Equal(2, places.Take(Lane("a"), 3));

        places.Finish(Lane("a"), delivered: true);
        places.Finish(Lane("a"), delivered: true);
        Assert.Equal(3, places.Take(Lane("a"), 3));
    }

    [Fact]
    public void A_failure_sends_a_lane_back_to_one_place()
    {
        Grow(Lane("a"), 4);

        places.Finish(Lane("a"), delivered: false);
        places.Finish(Lane("a"), delivered: false);
        places.Finish(Lane("a"), delivered: false);
        Assert.Equal(0, places.Take(Lane("a"), 4));

        places.Finish(Lane("a"), delivered: false);
        Assert.Equal(1, places.Take(Lane("a"), 4));
    }

    [Fact]
    public void An_idle_lane_is_forgotten_unless_it_has_entries_due()
    {
        foreach (var host in new[] { "busy", "due", "idle" })
        {
            Grow(Lane(host), 2);
            places.Finish(Lane(host), delivered: true);
        }

        places.Finish(Lane("due"), delivered: true);
        places.Finish(Lane("idle"), delivered: true);
        places.Forget(ResumeKind.Webhook, new HashSet<LaneKey> { Lane("due") });

        Assert.Equal(1, places.Take(Lane("busy"), 2));
        Assert.Equal(2, places.Take(Lane("due"), 2));
        Assert.Equal(1, places.Take(Lane("idle"), 2));
    }

    [Fact]
    public void A_host_has_a_limit_over_all_its_lanes()
    {
        var got = Enumerable.Range(0, 9).Sum(i => places.Take(Lane("same", $"/{i}"), 8));

        Assert.Equal(6, got);
        Assert.Equal(1, places.Take(Lane("other"), 8));
    }

    [Fact]
    public void All_lanes_together_have_a_limit()
    {
        Assert.Equal(10, Enumerable.Range(0, 12).Sum(i => places.Take(Lane($"host{i}"), 8)));

        places.Finish(Lane("host0"), delivered: true);
        Assert.Equal(1, places.Take(Lane("host11"), 8));
    }

    [Fact]
    public void Places_that_were_not_used_come_back()
    {
        places.Take(Lane("a"), 8);
        places.Return(Lane("a"), 1);

        Assert.Equal((0, 0), (places.Taken, places.TakenBy(Lane("a"))));
        Assert.True(places.WhenIdle().IsCompleted);
    }

    [Fact]
    public async Task Idle_is_said_when_the_last_attempt_ends()
    {
        places.Take(Lane("a"), 8);
        places.Take(Lane("b"), 8);
        var idle = places.WhenIdle();

        places.Finish(Lane("a"), delivered: true);
        Assert.False(idle.IsCompleted);
        places.Finish(Lane("b"), delivered: true);

        await idle;
    }

    [Theory]
    [InlineData("https://runner.example.com/hook/1", "https://runner.example.com")]
    [InlineData("http://runner.example.com:8080/", "http://runner.example.com:8080")]
    [InlineData("https://runner.example.com", "https://runner.example.com")]
    [InlineData("prod", "prod")]
    public void A_host_is_cut_from_a_lane(string lane, string host) =>
        Assert.Equal(host, new LaneKey(ResumeKind.Webhook, lane).Host);

    private static LaneKey Lane(string host, string path = "/") => new(ResumeKind.Webhook, $"https://{host}{path}");

    /// <summary>Delivers until the lane holds <paramref name="size"/> places.</summary>
    private void Grow(LaneKey lane, int size)
    {
        while (places.TakenBy(lane) < size)
        {
            for (var i = places.TakenBy(lane); i > 0; i--)
            {
                places.Finish(lane, delivered: true);
            }

            Assert.NotEqual(0, places.Take(lane, size));
        }
    }
}
