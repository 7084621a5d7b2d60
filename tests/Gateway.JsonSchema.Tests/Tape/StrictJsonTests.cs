using System.Text;

namespace Gateway.JsonSchema.Tests.Tape;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("null")]
    [InlineData(" [ ] ")]
    [InlineData("{\"a\":{\"a\":1},\"b\":[{\"a\":1}]}")]
    [InlineData("-0.0e-00012")]
    [InlineData("[0,-1,1.5,1E400,123456789012345678901234567890]")]
    [InlineData("\"\\u00e9\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"")]
    [InlineData("\"a text that is longer than one vector register, with é and 😀 in it\"")]
    [InlineData("1e999999999999999999")]
    public void One_JSON_value_is_accepted(string text) => Assert.Null(Check(text));

    [Theory]
    [InlineData("", 0)]
    [InlineData("nul", 0)]
    [InlineData("[1,]", 3)]
    [InlineData("[1 2]", 3)]
    [InlineData("{\"a\"}", 4)]
    [InlineData("{\"a\":1,}", 7)]
    [InlineData("{a:1}", 1)]
    [InlineData("{} {}", 3)]
    [InlineData("01", 1)]
    [InlineData("-", 1)]
    [InlineData("1.", 2)]
    [InlineData("1.e5", 2)]
    [InlineData("1e", 2)]
    [InlineData("1e+", 3)]
    [InlineData("+1", 0)]
    [InlineData("\"open", 5)]
    [InlineData("\"a\u0001\"", 2)]
    [InlineData("\"\\x\"", 1)]
    [InlineData("\"\\u12g4\"", 1)]
    [InlineData("[", 1)]
    [InlineData("{", 1)]
    [InlineData("\u00a0[]", 0)]
    public void Broken_grammar_is_named_with_its_place(string text, long position)
    {
        var problem = Check(text);
        Assert.Equal((JsonProblemKind.Malformed, position), (problem?.Kind, problem?.BytePosition));
    }

    [Fact]
    public void A_byte_order_mark_is_skipped_and_counted()
    {
        Assert.Null(Check("\uFEFF[1]"));
        Assert.Equal(3 + 3, Check("\uFEFF[1,]")!.BytePosition);
        Assert.Equal(JsonProblemKind.Malformed, Check("\uFEFF\uFEFF[1]")!.Kind);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' }, 1)]
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' }, 1)]
    [InlineData(new byte[] { (byte)'[', (byte)'"', 0xC0, 0xAF, (byte)'"', (byte)']' }, 2)]
    [InlineData(new byte[] { (byte)'"', (byte)'a', 0xF4, 0x90, 0x80, 0x80, (byte)'"' }, 2)]
    public void Bytes_that_are_not_UTF_8_are_named_with_their_place(byte[] bytes, long position)
    {
        var problem = StrictJson.Check(bytes);
        Assert.Equal((JsonProblemKind.InvalidUtf8, position), (problem?.Kind, problem?.BytePosition));
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"\\ud800\\u0041\"")]
    [InlineData("{\"\\ud83d\":1}")]
    public void A_lone_surrogate_escape_is_refused(string text) => Assert.Equal(JsonProblemKind.LoneSurrogate, Check(text)?.Kind);

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}", 7)]
    [InlineData("[[{\"x\":{\"b\":[],\"c\":0,\"b\":1}}]]", 21)]
    [InlineData("{\"\":1,\"\":1}", 6)]
    public void A_member_name_given_twice_is_refused_at_any_depth(string text, long position)
    {
        var problem = Check(text);
        Assert.Equal((JsonProblemKind.DuplicateName, position), (problem?.Kind, problem?.BytePosition));
    }

    [Fact]
    public void Names_are_compared_after_unescaping()
    {
        Assert.Equal(JsonProblemKind.DuplicateName, Check("{\"a\":1,\"\\u0061\":2}")?.Kind);
        Assert.Null(Check("{\"a\":1,\"\\u0062\":2}"));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(3_000)]
    public void A_repetition_is_found_in_objects_of_any_size(int members)
    {
        var names = string.Join(',', Enumerable.Range(0, members).Select(i => $"\"member number {i}\":{i}"));
        Assert.Null(Check($"{{{names}}}"));
        Assert.Equal(JsonProblemKind.DuplicateName, Check($"{{{names},\"member number {members / 2}\":0}}")?.Kind);
    }

    [Fact]
    public void Depth_and_members_are_bounded_exactly()
    {
        Assert.Null(Check(new string('[', 64) + new string(']', 64)));
        Assert.Equal((JsonProblemKind.TooDeep, 64L), Place(Check(new string('[', 65) + new string(']', 65))));
        var members = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"{i}\":0"));
        Assert.Null(Check($"{{{members}}}"));
        Assert.Equal(JsonProblemKind.TooManyMembers, Check($"{{{members},\"x\":0}}")?.Kind);
    }

    [Fact]
    public void An_exponent_of_nineteen_digits_is_out_of_range()
    {
        Assert.Equal((JsonProblemKind.ExponentTooLarge, 2L), Place(Check("1e1234567890123456789")));
        Assert.Null(Check("1e-000000000000000000000000000001"));
    }

    private static (JsonProblemKind?, long?) Place(JsonProblem? problem) => (problem?.Kind, problem?.BytePosition);

    private static JsonProblem? Check(string text) => StrictJson.Check(Encoding.UTF8.GetBytes(text));
}
