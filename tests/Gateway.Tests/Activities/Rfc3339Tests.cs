using System.Text;
using Gateway.Activities;

namespace Gateway.Tests.Activities;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05.000000Z")]
    [InlineData("2026-01-02T03:04:05.0000609+00:00", "2026-01-02T03:04:05.000060Z")]
    [InlineData("2026-12-31T23:59:59.9999999-02:30", "2027-01-01T02:29:59.999999Z")]
    [InlineData("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00.000000Z")]
    public void A_time_is_written_in_UTC_to_the_microsecond_never_rounded_up(string instant, string expected)
    {
        var time = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, Rfc3339.Format(time));
        var utf8 = new byte[Rfc3339.Size];
        Rfc3339.Write(time, utf8);
        Assert.Equal(expected, Encoding.UTF8.GetString(utf8));
    }
}
