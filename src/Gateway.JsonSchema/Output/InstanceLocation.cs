using System.Globalization;
using System.Text;
using Gateway.JsonSchema.Tape;

namespace Gateway.JsonSchema.Output;

/// <summary>The JSON Pointer of a row, found by walking down to it: only violations pay for it.</summary>
internal static class InstanceLocation
{
    public static void Write(in JsonView view, int row, StringBuilder pointer)
    {
        for (var current = 0; current != row;)
        {
            current = StepTowards(view, current, row, pointer);
        }
    }

    private static int StepTowards(in JsonView view, int container, int target, StringBuilder pointer)
    {
        var isObject = view.Rows[container].Kind == JsonKind.Object;
        var index = 0;
        var child = container + 1;
        while (true)
        {
            var value = isObject ? child + 1 : child;
            if (target < view.After(value))
            {
                pointer.Append('/').Append(isObject
                    ? JsonPointer.Escape(Encoding.UTF8.GetString(view.Name(child))) : index.ToString(CultureInfo.InvariantCulture));

                // propertyNames judges the name; its place is the member's.
                return child == target ? target : value;
            }

            child = view.After(value);
            index++;
        }
    }
}
