using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Gateway.JsonSchema.Formats;

namespace Gateway.JsonSchema.Tests.Formats;

/// <summary>What the official suite does not ask.</summary>
public sealed class FormatTests
{
    private static readonly string[] Names =
    [
        "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "uri", "uri-reference",
        "iri", "iri-reference", "uri-template", "uuid", "json-pointer", "relative-json-pointer", "regex",
    ];

    [Theory]
    [InlineData("date", "0000-02-29", true)]
    [InlineData("date-time", "2016-12-31T23:59:60Z", true)]
    [InlineData("date-time", "2017-01-01T00:59:60+01:00", true)]
    [InlineData("date-time", "2016-12-31 23:59:59Z", false)]
    [InlineData("date-time", "2016-12-31T23:59:59.Z", false)]
    [InlineData("time", "00:00:00+23:59", true)]
    [InlineData("time", "", false)]
    [InlineData("duration", "PT1H2M3S4", false)]
    [InlineData("duration", "P1DT", false)]
    [InlineData("uuid", "0123ABCD-0123-0123-0123-0123456789aB", true)]
    [InlineData("uuid", "{0123abcd-0123-0123-0123-0123456789ab}", false)]
    [InlineData("ipv6", "1:2:3:4:5:6:7::", true)]
    [InlineData("ipv6", "1:2:3:4:5:6:7:8::", false)]
    [InlineData("ipv6", "1:2:3:4:5:6:1.2.3.4", true)]
    [InlineData("ipv6", "1.2.3.4::", false)]
    [InlineData("ipv6", ":", false)]
    [InlineData("ipv6", ":::", false)]
    [InlineData("email", "a@b", true)]
    [InlineData("email", "\"a\\\"b\"@example.com", true)]
    [InlineData("email", "\"a\\\"@example.com", false)]
    [InlineData("email", "\"a\"b\"@example.com", false)]
    [InlineData("email", "é@example.com", false)]
    [InlineData("idn-email", "é@bücher.example", true)]
    [InlineData("hostname", "xn--bcher-kva.example", true)]
    [InlineData("hostname", "XN--BCHER-KVA.example", true)]
    [InlineData("hostname", "xn--", false)]
    [InlineData("hostname", "xn--a", false)]
    [InlineData("hostname", "xn--99999999999", false)]
    [InlineData("hostname", "a.-b", false)]
    [InlineData("idn-hostname", "bücher.example", true)]
    [InlineData("idn-hostname", "Bücher.example", false)]
    [InlineData("idn-hostname", "ab--c.example", true)]
    [InlineData("idn-hostname", "üb--c.example", false)]
    [InlineData("idn-hostname", "faß.example", true)]
    [InlineData("idn-hostname", "a\u200Db", false)]
    [InlineData("idn-hostname", "אבג.example", true)]
    [InlineData("idn-hostname", "אבג1.example", true)]
    [InlineData("idn-hostname", "1אבג.example", false)]
    [InlineData("uri", "a:", true)]
    [InlineData("uri", "http://[::1]:80/", true)]
    [InlineData("uri", "http://[::1]x/", false)]
    [InlineData("uri", "http://[v1.]", false)]
    [InlineData("uri", "http://a:/", true)]
    [InlineData("uri", "http://a/#b#c", false)]
    [InlineData("iri", "http://a/\uE000", false)]
    [InlineData("iri", "http://a/?\uE000", true)]
    [InlineData("uri-reference", "a/b:c", true)]
    [InlineData("uri-template", "{", false)]
    [InlineData("uri-template", "{a:1,b*}", true)]
    [InlineData("uri-template", "{a:}", false)]
    [InlineData("uri-template", "%zz", false)]
    [InlineData("relative-json-pointer", "0", true)]
    [InlineData("relative-json-pointer", "00", false)]
    [InlineData("regex", "(a)\\1", true)]
    [InlineData("regex", "\\-", false)]
    public void A_string_is_judged_by_the_grammar_of_its_format(string format, string value, bool expected) =>
        Assert.Equal(expected, FormatChecks.Find(format)!(Encoding.UTF8.GetBytes(value)));

    [Theory]
    [InlineData("0+1", true)]
    [InlineData("0-1#", true)]
    [InlineData("2+10/foo/0", true)]
    [InlineData("0+", false)]
    [InlineData("0+01", false)]
    [InlineData("+1", false)]
    [InlineData("0+1+1", false)]
    [InlineData("0+1foo", false)]
    public void A_relative_pointer_steps_along_an_array_since_2020_12(string value, bool expected)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        Assert.Equal(expected, FormatChecks.Find("relative-json-pointer", stepsAlongArrays: true)!(utf8));
        Assert.False(FormatChecks.Find("relative-json-pointer", stepsAlongArrays: false)!(utf8));
    }

    [Theory]
    [InlineData("string")]
    [InlineData("")]
    [InlineData("DATE")]
    public void A_name_that_is_no_format_has_no_check(string name) => Assert.Null(FormatChecks.Find(name));

    [Fact]
    public void Every_string_gets_an_answer_from_every_format()
    {
        var parts = Gen.Elements(
            "1", "0", "9", "a", "f", "-", ":", "::", ".", "@", "/", "//", "%", "%41", "~", "~0", "#", "?", "[", "]", "{", "}", "\"", "\\", "xn--", "XN--",
            "T", "Z", "P", "W", "+", "é", "ß", "\u200C", "\u200D", "\u30FB", "א", "ب", "\u0660", "\u06F0", "。", "🐲", "\0", "\u0300", " ", ",", "*", "1.2.3.4", "IPv6:");
        var texts = Gen.Sized(size => Gen.Choose(0, size + 3).SelectMany(length => Gen.ListOf(parts, length))).Select(string.Concat);
        Prop.ForAll(Arb.From(texts), text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            return Array.TrueForAll(Names, name => FormatChecks.Find(name)!(utf8) == FormatChecks.Find(name)!(utf8));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void What_a_stricter_format_accepts_the_wider_one_accepts_too()
    {
        var parts = Gen.Elements("a", "b", "1", "-", ".", ":", "/", "//", "@", "?", "#", "%41", "[::1]", "xn--bcher-kva", "http", "!", "\"", " ");
        var texts = Gen.Choose(0, 7).SelectMany(length => Gen.ListOf(parts, length)).Select(string.Concat);
        (string Strict, string Wide)[] pairs =
        [
            ("uri", "uri-reference"), ("uri", "iri"), ("iri", "iri-reference"), ("uri-reference", "iri-reference"), ("email", "idn-email"), ("hostname", "idn-hostname"),
        ];
        Prop.ForAll(Arb.From(texts), text =>
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            return Array.TrueForAll(pairs, pair => !FormatChecks.Find(pair.Strict)!(utf8) || FormatChecks.Find(pair.Wide)!(utf8));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));
    }

    [Fact]
    public void A_warm_check_allocates_nothing()
    {
        foreach (var (name, value) in ((string, string)[])
            [("date-time", "2026-11-21T23:45:12.5Z"), ("email", "joe@example.com"), ("idn-hostname", "실례.테스트"), ("hostname", "xn--bcher-kva"), ("uri", "https://a/b?c#d"), ("uri-template", "/{a,b}")])
        {
            var (check, utf8) = (FormatChecks.Find(name)!, Encoding.UTF8.GetBytes(value));
            Assert.True(check(utf8));
            var before = GC.GetAllocatedBytesForCurrentThread();
            check(utf8);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }
}
