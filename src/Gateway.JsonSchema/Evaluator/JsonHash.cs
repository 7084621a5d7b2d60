using System.Buffers;
using Gateway.JsonSchema.Numbers;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Evaluator;

/// <summary>A hash that equal values (<see cref="JsonEquality"/>) share, on the seed of <see cref="NameHash"/>: values cannot be chosen to collide.</summary>
internal static class JsonHash
{
    private static readonly uint Seed = NameHash.Compute("value"u8);

    public static uint Compute(in JsonView view, int row, ref long steps)
    {
        if (--steps < 0)
        {
            return 0;
        }

        var kind = view.Rows[row].Kind;
        steps -= view.WorkOfText(row);
        return kind switch
        {
            JsonKind.String or JsonKind.Name => OfString(view, row),
            JsonKind.Number => OfNumber(view, row),
            JsonKind.Array => OfArray(view, row, ref steps),
            JsonKind.Object => OfObject(view, row, ref steps),
            _ => Mix(Seed, (uint)kind),
        };
    }

    private static uint OfString(in JsonView view, int row)
    {
        var raw = view.Raw(row);
        if (!view.IsEscaped(row))
        {
            return NameHash.Compute(raw);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        var hash = NameHash.Compute(buffer.AsSpan(0, Escapes.Unescape(raw, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return hash;
    }

    private static uint OfNumber(in JsonView view, int row)
    {
        var number = ExactNumber.Read(view.NumberText(row));
        if (number.IsZero)
        {
            return Mix(Seed, 11);
        }

        var hash = Mix(Seed ^ (number.IsNegative ? 17u : 13u), (uint)number.Magnitude);
        for (var i = 0; i < number.Digits; i += 9)
        {
            uint chunk = 0;
            for (var j = i; j < Math.Min(i + 9, number.Digits); j++)
            {
                chunk = (chunk * 10) + (uint)number[j];
            }

            hash = Mix(hash, chunk);
        }

        return hash;
    }

    private static uint OfArray(in JsonView view, int row, ref long steps)
    {
        var hash = Mix(Seed, (uint)JsonKind.Array);
        for (var item = row + 1; item < view.Rows[row].Next; item = view.After(item))
        {
            hash = Mix(hash, Compute(view, item, ref steps));
        }

        return hash;
    }

    // Members are summed: their order must not matter.
    private static uint OfObject(in JsonView view, int row, ref long steps)
    {
        uint sum = 0;
        for (var name = row + 1; name < view.Rows[row].Next; name = view.After(name + 1))
        {
            sum += Mix(view.Rows[name].Hash, Compute(view, name + 1, ref steps));
        }

        return Mix(Mix(Seed, (uint)JsonKind.Object), sum);
    }

    private static uint Mix(uint a, uint b)
    {
        var product = ((a ^ Seed) * 0x9E3779B97F4A7C15UL) + b;
        product = (product ^ (product >> 29)) * 0xBF58476D1CE4E5B9UL;
        return (uint)(product ^ (product >> 32));
    }
}
