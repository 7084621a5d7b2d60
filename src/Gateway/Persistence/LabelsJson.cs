using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Gateway.Persistence;

/// <summary>The stored form of an activity's labels, one JSON object of strings.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class LabelsJson : JsonSerializerContext;

/// <summary>The key of the label index: a label's text may be long, eight bytes of its hash find it.</summary>
internal static class LabelHash
{
    public static long Of(string key, string value) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}:{value}")));
}
