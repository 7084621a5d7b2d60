using Gateway.Persistence;

namespace Gateway.Tests.Persistence;

public sealed class BatchLimitTests
{
    private static readonly TimeSpan Change = TimeSpan.FromMicroseconds(13);

    private readonly BatchLimit limit = new();

    [Fact]
    public void Until_something_is_known_as_many_as_wait_share_a_commit() => Assert.Equal(BatchLimit.Most, limit.Changes);

    [Fact]
    public void Quick_commits_are_kept_small_and_a_checkpoint_among_them_changes_little()
    {
        Commit(100, sync: 0.1);
        Assert.Equal(BatchLimit.Least, limit.Changes);
        Commit(1, sync: 5);
        Assert.InRange(limit.Changes, BatchLimit.Least, 2 * BatchLimit.Least);
        Commit(20, sync: 0.1);
        Assert.Equal(BatchLimit.Least, limit.Changes);
    }

    [Theory]
    [InlineData(1, 60, 120)]
    [InlineData(5, BatchLimit.Most, BatchLimit.Most)]
    [InlineData(50, BatchLimit.Most, BatchLimit.Most)]
    public void The_longer_the_disk_takes_the_more_share_a_commit(double sync, int atLeast, int atMost)
    {
        Commit(100, sync: 0.1);
        Commit(100, sync);
        Assert.InRange(limit.Changes, atLeast, atMost);
    }

    [Fact]
    public void Commits_of_single_changes_tell_as_much_of_the_disk_as_full_ones()
    {
        for (var i = 0; i < 100; i++)
        {
            limit.Note(TimeSpan.FromMilliseconds(8));
        }

        Assert.Equal(BatchLimit.Most, limit.Changes);
    }

    /// <param name="sync">What the disk takes, in milliseconds.</param>
    private void Commit(int times, double sync)
    {
        for (var i = 0; i < times; i++)
        {
            limit.Note(TimeSpan.FromMilliseconds(sync) + (limit.Changes * Change));
        }
    }
}
