using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Gateway.Benchmarks.Soak;

/// <summary>
/// What became of each activity, by its number: registered, completed, leased with the body that was sent, acknowledged.
/// Every step must come once.
/// </summary>
internal sealed class Ledger
{
    public const byte Registered = 1;
    public const byte Completed = 2;
    public const byte Leased = 4;
    public const byte Acknowledged = 8;

    private const byte Everything = Registered | Completed | Leased | Acknowledged;

    private readonly List<byte> steps = [];
    private readonly ConcurrentDictionary<string, int> faults = new();
    private readonly int[] counts = new int[Everything + 1];

    public IReadOnlyDictionary<string, int> Faults => faults;

    public static byte[] Body(int number) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $$"""{"chargeId":"ch_{{number:D9}}","amount":129.90,"currency":"EUR","captured":true,"note":"soak"}"""));

    /// <summary>How many activities took a step.</summary>
    public int Count(byte step) => Volatile.Read(ref counts[step]);

    public void Note(int number, byte step)
    {
        lock (steps)
        {
            while (steps.Count <= number)
            {
                steps.Add(0);
            }

            if ((steps[number] & step) != 0)
            {
                Fault($"{Name(step)} twice");
                return;
            }

            steps[number] |= step;
            counts[step]++;
        }
    }

    public void Fault(string what) => faults.AddOrUpdate(what, 1, static (_, count) => count + 1);

    /// <summary>Counts what is not finished as faults; to be called at the end.</summary>
    public void Reconcile()
    {
        lock (steps)
        {
            foreach (var step in new[] { Registered, Completed, Leased, Acknowledged })
            {
                for (var lost = steps.Count(taken => (taken & step) == 0); lost > 0; lost--)
                {
                    Fault($"never {Name(step)}");
                }
            }
        }
    }

    private static string Name(byte step) => step switch
    {
        Registered => "registered",
        Completed => "completed",
        Leased => "leased",
        _ => "acknowledged",
    };
}
