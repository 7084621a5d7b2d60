namespace Gateway.JsonSchema.Tape;

/// <summary>The reusable arrays that hold one tape. What they hold is valid until the next build.</summary>
internal sealed class JsonTape
{
    // Arrays up to these sizes stay with the thread; larger ones go back to their pool after use.
    private const int KeptRows = 1 << 16;
    private const int KeptText = 1 << 17;
    private const int KeptSide = 1 << 16;

    // Names come with a row of their own and one for the value; a whole vector of hashes is read at once.
    private const int ReadBeyondHashes = 16;

    /// <summary>How many zeros follow <see cref="Text"/>: more than any read goes beyond its end.</summary>
    public const int Padding = 64;

    public Row[] Rows = new Row[256];
    public int Count;

    /// <summary>The document, and zeros: no place in it needs a check of how much is left.</summary>
    public byte[] Text = new byte[1024];
    public int TextLength;

    /// <summary>Unescaped member names that were written with escapes.</summary>
    public byte[] Side = new byte[256];
    public int SideCount;

    /// <summary>Hashes of the names of all open objects, the innermost object's last.</summary>
    public uint[] OpenHashes = new uint[256];

    /// <summary>More room for rows, and for hashes of as many names as they can hold.</summary>
    public void Grow(int openHashes)
    {
        Rows = Grow(Rows, Count, Count + 3);
        FitHashes(openHashes);
    }

    /// <summary>Room for an unescaped name at the end of the side buffer.</summary>
    public Span<byte> SideRoom(int length)
    {
        if (Side.Length - SideCount < length)
        {
            Side = Grow(Side, SideCount, SideCount + length);
        }

        return Side.AsSpan(SideCount);
    }

    /// <summary>Makes room for what a document of this size usually needs, so that growing is rare.</summary>
    public void Prepare(int documentBytes)
    {
        Count = 0;
        SideCount = 0;
        TextLength = documentBytes;
        var expected = (documentBytes / 8) + 16;
        if (Rows.Length < expected)
        {
            Rows = Grow(Rows, 0, expected);
        }

        if (Text.Length < documentBytes + Padding)
        {
            Text = Grow(Text, 0, documentBytes + Padding);
        }

        FitHashes(0);
    }

    public void Trim()
    {
        Rows = Shrink(Rows, KeptRows);
        Side = Shrink(Side, KeptSide);
        OpenHashes = Shrink(OpenHashes, (KeptRows / 2) + ReadBeyondHashes);
        Text = Shrink(Text, KeptText);
    }

    private void FitHashes(int used)
    {
        var needed = (Rows.Length / 2) + ReadBeyondHashes;
        if (OpenHashes.Length < needed)
        {
            OpenHashes = Grow(OpenHashes, used, needed);
        }
    }

    private static T[] Grow<T>(T[] array, int used, int atLeast)
        where T : unmanaged
    {
        var larger = TapePool<T>.Rent(Math.Max(atLeast, array.Length * 2));
        array.AsSpan(0, used).CopyTo(larger);
        TapePool<T>.Return(array);
        return larger;
    }

    private static T[] Shrink<T>(T[] array, int kept)
        where T : unmanaged
    {
        if (array.Length <= kept)
        {
            return array;
        }

        TapePool<T>.Return(array);
        return TapePool<T>.Rent(kept);
    }
}
