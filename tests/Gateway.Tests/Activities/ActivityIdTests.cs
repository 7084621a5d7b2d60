using Gateway.Activities;

namespace Gateway.Tests.Activities;

public sealed class ActivityIdTests
{
    private static readonly DateTimeOffset Moment = new(2026, 1, 31, 12, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public void An_id_is_a_version_7_UUID_of_the_moment()
    {
        for (var i = 0; i < 1000; i++)
        {
            var bytes = ActivityId.New(Moment).ToBytes();
            Assert.Equal(7, bytes[6] >> 4);
            Assert.Equal(2, bytes[8] >> 6);
            Assert.Equal(ActivityId.Floor(Moment).ToBytes()[..6], bytes[..6]);
        }
    }

    [Fact]
    public async Task Ids_made_at_once_on_many_threads_differ()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 5000).Select(_ => ActivityId.New(Moment)).ToList())));
        Assert.Equal(40_000, made.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public void Later_ids_are_greater()
    {
        var earlier = ActivityId.New(Moment);
        Assert.True(ActivityId.New(Moment.AddMilliseconds(1)).CompareTo(earlier) > 0);
        Assert.True(ActivityId.Floor(Moment).CompareTo(earlier) < 0);
    }
}
