namespace Gateway.Persistence;

/// <summary>
/// How many changes one commit takes. Its callers wait for it together and come back together, and the cores idle in between:
/// where commits are quick, several small ones are better than a large one. Where the disk takes milliseconds for each, as many
/// share it as wait. For one thread at a time.
/// </summary>
internal sealed class BatchLimit
{
    public const int Least = 32;
    public const int Most = 256;

    /// <summary>
    /// Commits that take longer for each of their changes are shared by more of them. Twice what a change's own statements and
    /// pages take: a large batch takes long because it is large, and would else never be found too large.
    /// </summary>
    private static readonly TimeSpan Share = TimeSpan.FromMicroseconds(25);

    /// <summary>A checkpoint among the commits, which takes ten times as long as they, hardly moves it.</summary>
    private const int Remembered = 8;

    private TimeSpan usual = Most * Share;

    public int Changes => Math.Clamp((int)(usual / Share), Least, Most);

    /// <param name="took">The last commit, with its statements.</param>
    public void Note(TimeSpan took) => usual += (took - usual) / Remembered;
}
