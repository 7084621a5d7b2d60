using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.JsonSchema.Tests.Tape;

public sealed class StrictJsonProperties
{
    private const string Fragments = "{}[]\":,\\/ \n\t-+.eE0123456789truefalsn\u00e9\u0001\ud83d\ude00u";

    private static readonly string[] Seeds =
    [
        "{\"a\":[1,2.50,-3e+7,true,false,null],\"b\\n\":{\"c\":\"text \\u00e9 \\ud83d\\ude00\"},\"d\":\"😀\"}",
        "[[[]],[{}],\"\",0,-0,1e5]",
        "  {\"k\": \"a somewhat longer text, so that whole registers are read at once\" , \"l\" : [ ] }  ",
    ];

    /// <summary>Documents that are nearly JSON: a seed with some bytes replaced, removed or inserted.</summary>
    private static readonly Gen<byte[]> Mutated =
        from seed in Gen.Elements(Seeds)
        from edits in Gen.Choose(0, 4).SelectMany(count => Edit.ArrayOf(count))
        select edits.Aggregate(Encoding.UTF8.GetBytes(seed), (bytes, edit) => edit.Apply(bytes));

    internal static Gen<Edit> Edit =>
        from kind in Gen.Choose(0, 2)
        from place in Gen.Choose(0, int.MaxValue - 1)
        from value in Gen.OneOf(
            Gen.Elements(Encoding.UTF8.GetBytes(Fragments)),
            Gen.Choose(0, 255).Select(value => (byte)value))
        select new Edit(kind, place, value);

    [Fact]
    public void We_agree_with_JsonDocument_on_what_is_JSON_but_for_our_stricter_rules() =>
        Prop.ForAll(Arb.From(Mutated), Agrees).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));

    private static bool Agrees(byte[] bytes)
    {
        var ours = StrictJson.Check(bytes);
        var theirs = IsJsonDocument(bytes);
        return ours?.Kind switch
        {
            null => theirs,
            JsonProblemKind.Malformed => !theirs,
            // JsonDocument checks none of these; each has tests of its own.
            _ => true,
        };
    }

    private static bool IsJsonDocument(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

internal sealed record Edit(int Kind, int Place, byte Value)
{
    public byte[] Apply(byte[] bytes)
    {
        var at = Place % (bytes.Length + 1);
        return Kind switch
        {
            0 => [.. bytes[..at], Value, .. bytes[at..]],
            1 when at < bytes.Length => [.. bytes[..at], .. bytes[(at + 1)..]],
            _ when at < bytes.Length => [.. bytes[..at], Value, .. bytes[(at + 1)..]],
            _ => bytes,
        };
    }
}
