using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Activities;
using Gateway.Completion;
using Gateway.Http;

namespace Gateway.Tests.Completion;

public sealed class ReceiptAnswerTests
{
    [Theory]
    [InlineData("completed", false)]
    [InlineData("failed", true)]
    [InlineData("canceled", false)]
    public void It_is_written_as_the_documented_receipt_is_spelled(string state, bool duplicate)
    {
        var id = ActivityId.New(TimeProvider.System.GetUtcNow());
        var closing = new Closing(
            Enum.Parse<ActivityState>(state, ignoreCase: true),
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddMicroseconds(60),
            ClosedBy.Token,
            OutcomeDigest.Of("{}"u8));
        var options = new JsonSerializerOptions();
        JsonConventions.Apply(options);
        options.TypeInfoResolverChain.Insert(0, HotJson.Default);
        var receipt = new Receipt(id.ToString(), closing.State.Wire(), closing.ClosedAt, closing.Digest.ToString(), duplicate);
        Span<byte> written = stackalloc byte[512];
        var length = WithDots(new ReceiptAnswer(id, closing, duplicate), written);
        Assert.Equal(JsonSerializer.Serialize(receipt, options), Encoding.UTF8.GetString(written[..length]));
    }

    /// <summary>Whose times are written with dots.</summary>
    private static int WithDots(ReceiptAnswer answer, Span<byte> to)
    {
        var before = CultureInfo.CurrentCulture;
        var dots = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        dots.DateTimeFormat.TimeSeparator = ".";
        CultureInfo.CurrentCulture = dots;
        try
        {
            return answer.Write(to);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
