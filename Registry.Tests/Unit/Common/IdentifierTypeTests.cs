using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Domain.Common;

namespace Registry.Tests.Unit.Common;

/// <summary>The texts that are types of their own: each is an <see cref="Identifier"/>, and nothing else is one.</summary>
[TestFixture(typeof(SiteCode))]
[TestFixture(typeof(CaseCode))]
internal sealed class IdentifierTypeTests<T>
    where T : struct, IIdentifier<T>, IComparable<T>
{
    [Test]
    public void Is_its_text_and_is_read_back_from_it()
    {
        var code = Of("clinic-North.7");
        Assert.That(code.ToString(), Is.EqualTo("clinic-North.7"));
        Assert.That(code.IsStated);
        Assert.That(Of("clinic-North.7"), Is.EqualTo(code).And.Property("IsStated").True);
        Assert.That(Of("clinic-North.7").GetHashCode(), Is.EqualTo(code.GetHashCode()));
        Assert.That(JsonSerializer.Serialize(code), Is.EqualTo("\"clinic-North.7\""));
        Assert.That(JsonSerializer.Deserialize<T>("\"clinic-North.7\""), Is.EqualTo(code));
        Assert.That(JsonSerializer.Deserialize<T?>("null"), Is.Null);
        Assert.That(new IdentifierHandler<T>().Parse("clinic-North.7"), Is.EqualTo(code));
    }

    [Test]
    public void Is_ordered_by_code_point_and_tells_upper_from_lower_case()
    {
        string[] texts = ["a-b", "A", "a", "_x", "Z9", "a.b", "10", "9", "ab"];
        Assert.That(texts.Select(Of).Order().Select(code => code.ToString()), Is.EqualTo(texts.Order(StringComparer.Ordinal)));
        Assert.That(Of("eco"), Is.Not.EqualTo(Of("Eco")));
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("-")]
    [TestCase("a b")]
    [TestCase("a/b")]
    [TestCase("a\n")]
    [TestCase("é")]
    [TestCase("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Refuses_what_is_no_identifier(string text)
    {
        Assert.That(Identifier.IsValid(text), Is.False);
        Assert.That(T.TryParse(text, CultureInfo.InvariantCulture, out var code), Is.False);
        Assert.That(code, Is.EqualTo(default(T)));
        Assert.That(() => T.Parse(text, CultureInfo.InvariantCulture), Throws.TypeOf<FormatException>());
        Assert.That(() => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(text)), Throws.TypeOf<JsonException>());
    }

    [Test]
    public void Has_no_text_without_a_value()
    {
        var none = default(T);
        Assert.That(none.IsStated, Is.False);
        Assert.That(none, Is.Not.EqualTo(Of("a")));
        Assert.That(T.TryParse(null, CultureInfo.InvariantCulture, out _), Is.False);
        Assert.That(() => none.ToString(), Throws.InvalidOperationException);
        Assert.That(() => JsonSerializer.Serialize(none), Throws.InvalidOperationException);
    }

    private static T Of(string text) => T.Parse(text, CultureInfo.InvariantCulture);
}
