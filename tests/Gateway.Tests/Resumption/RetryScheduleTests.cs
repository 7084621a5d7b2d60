using Gateway.Resumption;

namespace Gateway.Tests.Resumption;

public sealed class RetryScheduleTests
{
    private static readonly RetrySchedule Schedule = new(TimeSpan.FromSeconds(5), TimeSpan.FromHours(12));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(14, 40_960)]
    [InlineData(15, 43_200)]
    [InlineData(16, 43_200)]
    public void The_ceiling_doubles_with_every_attempt_up_to_the_cap(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.Delay(attempt, 1));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 20)]
    [InlineData(0.5, 40)]
    public void The_delay_is_drawn_evenly_from_zero_to_the_ceiling(double jitter, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.Delay(5, jitter));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void An_attempt_before_the_first_counts_as_the_first(int attempt) =>
        Assert.Equal(TimeSpan.FromSeconds(5), Schedule.Delay(attempt, 1));

    [Theory]
    [InlineData(62)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000)]
    [InlineData(int.MaxValue)]
    public void No_number_of_attempts_overflows(int attempt) =>
        Assert.Equal(TimeSpan.FromHours(12), Schedule.Delay(attempt, 1));

    [Fact]
    public void Every_delay_lies_between_zero_and_the_cap_whatever_the_base()
    {
        foreach (var ticks in new[] { 1L, 7L, TimeSpan.TicksPerDay, long.MaxValue / 3, long.MaxValue })
        {
            var schedule = new RetrySchedule(TimeSpan.FromTicks(ticks), TimeSpan.FromHours(12));
            Assert.All(Enumerable.Range(1, 80), attempt => Assert.InRange(schedule.Delay(attempt, 1), TimeSpan.Zero, schedule.Cap));
        }
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(-3, 0)]
    [InlineData(7, 5)]
    [InlineData(double.PositiveInfinity, 5)]
    public void A_jitter_outside_its_range_is_taken_for_the_nearer_end(double jitter, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Schedule.Delay(1, jitter));

    [Fact]
    public void Retry_after_is_the_least_wait() =>
        Assert.Equal(TimeSpan.FromSeconds(120), Schedule.Delay(1, 1, TimeSpan.FromSeconds(120)));

    [Fact]
    public void A_short_retry_after_does_not_use_up_the_attempts_in_seconds() =>
        Assert.Equal(TimeSpan.FromSeconds(80), Schedule.Delay(5, 1, TimeSpan.FromSeconds(1)));

    [Fact]
    public void A_retry_after_of_a_month_is_cut_to_a_day() =>
        Assert.Equal(TimeSpan.FromHours(24), Schedule.Delay(1, 1, TimeSpan.FromDays(30)));

    [Fact]
    public void The_sixteen_attempts_of_the_default_fit_into_three_days()
    {
        var longest = Enumerable.Range(1, 15).Aggregate(TimeSpan.Zero, (sum, attempt) => sum + RetrySchedule.Default.Delay(attempt, 1));

        Assert.InRange(longest, TimeSpan.FromHours(34), TimeSpan.FromHours(36));
    }
}
