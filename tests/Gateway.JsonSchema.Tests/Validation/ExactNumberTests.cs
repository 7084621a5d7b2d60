using System.Globalization;
using Gateway.JsonSchema.Tests.Support;

namespace Gateway.JsonSchema.Tests.Validation;

public sealed class ExactNumberTests
{
    [Theory]
    [InlineData("""{"maximum":9007199254740992}""", "9007199254740993", false)]
    [InlineData("""{"maximum":9007199254740992}""", "9007199254740992.0", true)]
    [InlineData("""{"exclusiveMaximum":1e1000000000}""", "1e1000000000", false)]
    [InlineData("""{"exclusiveMaximum":1e1000000000}""", "9.99999e999999999", true)]
    [InlineData("""{"minimum":0.1}""", "0.1000000000000000000000000000001", true)]
    [InlineData("""{"minimum":0.1}""", "0.0999999999999999999999999999999", false)]
    [InlineData("""{"minimum":-1e-400}""", "-1e-399", false)]
    [InlineData("""{"exclusiveMinimum":0}""", "-0.0", false)]
    [InlineData("""{"exclusiveMinimum":0}""", "1e-999999999", true)]
    [InlineData("""{"multipleOf":0.01}""", "129.99", true)]
    [InlineData("""{"multipleOf":0.01}""", "129.995", false)]
    [InlineData("""{"multipleOf":0.01}""", "1e300", true)]
    [InlineData("""{"multipleOf":0.3}""", "0.9", true)]
    [InlineData("""{"multipleOf":3}""", "1e20", false)]
    [InlineData("""{"multipleOf":3}""", "3e20", true)]
    [InlineData("""{"multipleOf":1e-8}""", "123456789012345678901234567890.12345678", true)]
    [InlineData("""{"multipleOf":12345678901234567890123}""", "24691357802469135780246", true)]
    [InlineData("""{"multipleOf":12345678901234567890123}""", "24691357802469135780247", false)]
    [InlineData("""{"multipleOf":0.5}""", "0", true)]
    [InlineData("""{"type":"integer"}""", "1.0", true)]
    [InlineData("""{"type":"integer"}""", "150e-1", true)]
    [InlineData("""{"type":"integer"}""", "1e400", true)]
    [InlineData("""{"type":"integer"}""", "1.5", false)]
    [InlineData("""{"type":"integer"}""", "1e-1", false)]
    [InlineData("""{"type":"integer","required":["a"]}""", "0", true)]
    [InlineData("""{"type":"integer","minItems":1}""", "1.0", true)]
    [InlineData("""{"type":"integer","minLength":1}""", "1e2", true)]
    [InlineData("""{"type":"integer","minimum":1}""", "0", false)]
    [InlineData("""{"const":1}""", "1.0", true)]
    [InlineData("""{"const":1}""", "10e-1", true)]
    [InlineData("""{"const":1}""", "true", false)]
    [InlineData("""{"const":0}""", "-0", true)]
    [InlineData("""{"const":{"a":[1.50,"\u0062"]}}""", """{"a":[15e-1,"b"]}""", true)]
    [InlineData("""{"enum":[1,2,3,4,5,6.0]}""", "600e-2", true)]
    [InlineData("""{"uniqueItems":true}""", "[1,1.0]", false)]
    [InlineData("""{"uniqueItems":true}""", "[1,true,0,false,\"1\"]", true)]
    [InlineData("""{"uniqueItems":true}""", "[0,1,2,3,4,5,6,7,8,-0.0]", false)]
    [InlineData("""{"minLength":2.0,"maxLength":20e-1}""", "\"😀\\ud83d\\ude00\"", true)]
    [InlineData("""{"maxLength":1}""", "\"e\\u0301\"", false)]
    public void Numbers_and_equality_follow_the_decimals_as_written(string schema, string instance, bool valid) =>
        Assert.Equal(valid ? VerdictKind.Valid : VerdictKind.Invalid, Schemas.Judge(schema, instance));

    /// <summary>The fast comparison of compact numbers against decimal arithmetic, around bounds of every shape.</summary>
    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.5")]
    [InlineData("-0.5")]
    [InlineData("12.345")]
    [InlineData("-12.345")]
    [InlineData("1e3")]
    [InlineData("99999999.99")]
    [InlineData("123456789012345.678")]
    public void Compact_numbers_are_judged_as_decimal_arithmetic_judges_them(string bound)
    {
        var value = decimal.Parse(bound, NumberStyles.Float, CultureInfo.InvariantCulture);
        foreach (var step in (decimal[])[0, 1, -1, 0.5m, -0.5m, 0.001m, -0.001m, 0.0001m, -0.0001m, 10, -10, -2 * value])
        {
            var instance = value + step;
            var text = instance.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(instance >= value, Fits("minimum", bound, text));
            Assert.Equal(instance <= value, Fits("maximum", bound, text));
            Assert.Equal(instance > value, Fits("exclusiveMinimum", bound, text));
            Assert.Equal(instance < value, Fits("exclusiveMaximum", bound, text));
        }
    }

    [Theory]
    [InlineData("12345678", VerdictKind.Valid)]
    [InlineData("123456789", VerdictKind.Invalid)]
    [InlineData("1234567a", VerdictKind.NotJson)]
    [InlineData("1234567:", VerdictKind.NotJson)]
    [InlineData("12345678.5", VerdictKind.Invalid)]
    [InlineData("12345678.00000000", VerdictKind.Valid)]
    [InlineData("00000001", VerdictKind.NotJson)]
    [InlineData("12345678e0", VerdictKind.Valid)]
    [InlineData("1234567800e-2", VerdictKind.Valid)]
    public void Eight_digits_at_once_are_read_like_one_by_one(string text, VerdictKind verdict) =>
        Assert.Equal(verdict, Schemas.Judge("""{"const":12345678}""", text));

    private static bool Fits(string keyword, string bound, string instance) =>
        Schemas.Judge($"{{\"{keyword}\":{bound}}}", instance) == VerdictKind.Valid;
}
