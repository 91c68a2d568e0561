using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Registry.Api.Assessments;
using Registry.Api.Data;
using Registry.Api.Http;
using Registry.Api.Recording;
using Registry.Domain.AdverseEvents;
using Registry.Domain.Assessments;
using Registry.Domain.Cases;
using Registry.Domain.Common;
using Registry.Domain.Costs;
using Registry.Domain.Sites;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Recording;

/// <summary>
/// A member of a record is declared once: what is read from a body is what its row holds, and the table has its columns and no others.
/// </summary>
public sealed class FieldTests(Engine engine) : DatabaseFixture(engine)
{
    private const int Bodies = 200;

    private static readonly DateOnly LastDay = new(2026, 6, 30);
    private static readonly RecordKinds Kinds = new();

    // The columns of a table, and those of its keys among them.
    private static readonly (string Table, string[] Keys, IReadOnlyList<string> Columns)[] Tables =
    [
        ("site", ["site_id", "site_code"], FieldSet<Site>.Declared.ColumnNames),
        ("treatment_case",
            ["case_id", "site_id", "case_code", "person_id", "preceding_case_id"],
            FieldSet<CaseRecord>.Declared.ColumnNames),
        ("treatment_event", ["case_id", "event_code"], FieldSet<TreatmentEvent>.Declared.ColumnNames),
        ("assessment", ["case_id", "timepoint"], FieldSet<Assessment>.Declared.ColumnNames),
        ("adverse_event", ["case_id", "adverse_event_code"], FieldSet<AdverseEvent>.Declared.ColumnNames),
        ("cost_item", ["case_id", "cost_code"], FieldSet<CostItem>.Declared.ColumnNames),
        ("hospital_stay", ["case_id", "stay_code"], FieldSet<HospitalStay>.Declared.ColumnNames),
    ];

    private IDatabase _database = null!;

    [OneTimeSetUp]
    public async Task RecordOneCase()
    {
        _database = await NewRegistry();
        await _database.Execute("INSERT INTO site (site_code, name, country) VALUES ('s', 'a site', 'DE')");
        await _database.Execute(
            "INSERT INTO treatment_case (site_id, case_code, sex, birth_year, procedure_code, indication) SELECT site_id, 'c', 'female', "
                + "1960, 'scs', 'crps' FROM site");
    }

    [Test]
    public async Task A_table_has_the_columns_that_its_record_declares_and_no_others()
    {
        foreach (var (table, keys, columns) in Tables)
        {
            var held = await _database.Read(
                session => session.Query<string>(Engine == Engine.Sqlite
                    ? $"SELECT name FROM pragma_table_info('{table}')"
                    : $"SELECT c.name FROM sys.columns c JOIN sys.tables t ON t.object_id = c.object_id WHERE t.name = '{table}'"),
                CancellationToken.None);
            Assert.That(held, Is.EquivalentTo(keys.Concat(columns)), table);
        }
    }

    [Test]
    public Task An_event_is_read_as_it_is_stored() => AssertRoundTrip(Kinds.Event, "treatment_event", "event_code", body =>
    {
        var type = Code.Parse<EventType>(body["type"]!.GetValue<string>())!.Value;
        foreach (var (member, details) in typeof(TreatmentEvent).GetProperties()
            .Select(member => (member, member.GetCustomAttribute<DetailOfAttribute>())))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            if (details?.Types.Contains(type) == false)
            {
                body.Remove(name);
            }
            else if (details?.IsRequired == true && !body.ContainsKey(name))
            {
                body[name] = member.PropertyType == typeof(bool?) ? true
                    : member.PropertyType == typeof(TrialOutcome?)
                    ? "failed"
                    : "other";
            }
        }
    });

    [Test]
    public Task An_assessment_is_read_as_it_is_stored() => AssertRoundTrip(Kinds.Assessment, "assessment", "timepoint", body =>
    {
        if (body.ContainsKey("notDone"))
        {
            AssessmentKind.Scores.ToList().ForEach(score => body.Remove(score.Name));
            return;
        }

        body["assessedOn"] ??= "2024-02-01";
        body["nrs"] ??= 3;
        if (body["pdiItems"] is JsonObject items)
        {
            items["social"] ??= 4;
            body.Remove("pdi");
            if (items.All(item => item.Value is not null))
            {
                body["pdi"] = items.Sum(item => item.Value!.GetValue<int>());
            }
        }
    });

    [Test]
    public Task An_adverse_event_is_read_as_it_is_stored() =>
        AssertRoundTrip(Kinds.AdverseEvent, "adverse_event", "adverse_event_code", body => InOrder(body, "onsetOn", "resolvedOn"));

    [Test]
    public Task A_cost_is_read_as_it_is_stored() => AssertRoundTrip(Kinds.Cost, "cost_item", "cost_code", body =>
    {
        body["amount"] = decimal.Round(body["amount"]!.GetValue<decimal>(), 2) / 1.0000000000000000000000000000m;
        body["currency"] = "EUR";
        body["priceYear"] = Math.Clamp(body["priceYear"]!.GetValue<int>(), 1999, LastDay.Year);
    });

    [Test]
    public Task A_stay_is_read_as_it_is_stored() =>
        AssertRoundTrip(Kinds.Stay, "hospital_stay", "stay_code", body => InOrder(body, "admittedOn", "dischargedOn"));

    [Test]
    public void A_case_is_read_as_it_is_stored()
    {
        var random = new Random(11);
        for (var number = 0; number < Bodies; number++)
        {
            var body = Body<CaseRecord>(random);
            var content = (CaseRecord)Parsed(Kinds.Case, body);
            body["patient"]!.AsObject().Remove("reference");
            body.Remove("precedingCase");
            var row = Of<CaseRecord>(FieldSet<CaseRecord>.Declared.Row(content));
            Assert.That(JsonNode.DeepEquals(row, body), $"{row} {body}");
        }
    }

    private async Task AssertRoundTrip<T>(CaseItemKind<T> kind, string table, string key, Action<JsonObject> makeTrue)
        where T : class
    {
        var (random, columns) = (new Random(7), FieldSet<T>.Declared.ColumnNames);
        var read = new Statement($"SELECT {string.Join(", ", columns)} FROM {table} WHERE {key} = @p0");
        var @case = await _database.Read(session => session.Single<int>("SELECT case_id FROM treatment_case"), CancellationToken.None);
        var code = key == "timepoint" ? "6m" : "one";
        for (var number = 0; number < Bodies; number++)
        {
            var body = Body<T>(random);
            makeTrue(body);
            var content = Parsed(kind, body);
            var row = await _database.Write(
                ["s"],
                async session =>
                {
                    var (statement, values) = kind.RowChange(@case, code, content, exists: number > 0);
                    await session.Run(statement, values);
                    return (await session.Rows(
                        read,
                        row => Enumerable.Range(0, columns.Count).Select(at => row.IsDBNull(at) ? null : row.GetValue(at)).ToArray(),
                        code)).Single();
                },
                CancellationToken.None);
            Assert.That(JsonNode.DeepEquals(Of<T>(row), body), $"{Of<T>(row)} {body}");
        }
    }

    private static object Parsed(RecordKind kind, JsonObject body)
    {
        var fields = new FieldReader(JsonSerializer.SerializeToElement(body), LastDay);
        var (content, _) = kind.Parse(fields, code: null);
        Assert.That(fields.Faults, Is.Empty, body.ToJsonString());
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(kind.Canonical(content!)), body), $"{kind.Canonical(content!)} {body}");
        return content!;
    }

    // A body with every member that is required, and some of the others, in the order in which they are declared.
    private static JsonObject Body<T>(Random random)
        where T : class
    {
        var body = new JsonObject();
        foreach (var field in FieldSet<T>.Declared.All)
        {
            if (field.Member.IsDefined(typeof(StatedOrNullAttribute)))
            {
                body[field.Name] = random.Next(8) == 0 ? null : Value(field.Member, random);
            }
            else if (field.IsRequired || random.Next(2) == 0)
            {
                body[field.Name] = Value(field.Member, random);
            }
        }

        return body;
    }

    private static JsonNode Value(PropertyInfo member, Random random)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        return type switch
        {
            _ when type == typeof(int) && member.GetCustomAttribute<WholeRangeAttribute>()!.Range is var range =>
                random.Next(range.Min, member.IsDefined(typeof(NotInTheFutureAttribute)) ? LastDay.Year + 1 : range.Max + 1),
            _ when type == typeof(decimal) && member.GetCustomAttribute<DecimalRangeAttribute>() is { } range =>
                decimal.Round(
                    range.Range.Min + ((range.Range.Max - range.Range.Min) * random.Next(1000) / 1000m),
                    range.Decimals) / 1.0000000000000000000000000000m,
            _ when type == typeof(bool) => random.Next(2) == 0,
            _ when type == typeof(DateOnly) => new DateOnly(2023, 1, 1).AddDays(random.Next(900)).Iso(),
            _ when type == typeof(string) || type == typeof(CaseCode) => FormattableString.Invariant($"key-{random.Next(1000)}"),
            { IsEnum: true } =>
                JsonSerializer.SerializeToNode(
                    Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length)), Registry.Api.Http.Json.Options)!,
            _ when member.IsDefined(typeof(SpinalLevelsAttribute)) => new JsonArray(
                [.. SpinalLevel.All.Where(_ => random.Next(4) == 0).Append("S5").Distinct().Select(level => JsonValue.Create(level))]),
            _ when type == typeof(Patient) => Body<Patient>(random),
            _ when type == typeof(PdiItems) => Body<PdiItems>(random),
            _ => throw new NotSupportedException($"{member.DeclaringType!.Name}.{member.Name}: no random value of this type."),
        };
    }

    // The body of a row: what each column says of its member.
    private static JsonObject Of<T>(object?[] row)
        where T : class
    {
        var body = new JsonObject();
        foreach (var field in FieldSet<T>.Declared.All)
        {
            var members = FieldSet<T>.Declared.Columns.Index()
                .Where(column => column.Item.Member == field.Member || column.Item.Member.DeclaringType == field.Member.PropertyType)
                .ToList();
            if (members is [{ Item.Member: var member, Index: var only }] && member == field.Member)
            {
                if (row[only] is { } value)
                {
                    body[field.Name] = Of(field.Member, value);
                }
            }
            else if (members.Any(column => row[column.Index] is not null))
            {
                body[field.Name] = new JsonObject(members.Select(column => KeyValuePair.Create(
                    JsonNamingPolicy.CamelCase.ConvertName(column.Item.Member.Name),
                    row[column.Index] is { } value ? Of(column.Item.Member, value) : null)));
            }
            else if (field.Name == "amount")
            {
                body["amount"] = Convert.ToDecimal(
                    row[FieldSet<T>.Declared.ColumnNames.ToList().IndexOf("amount_thousandths")],
                    System.Globalization.CultureInfo.InvariantCulture) / 1000m;
            }
        }

        return body;
    }

    private static JsonNode Of(PropertyInfo member, object value)
    {
        var (type, invariant) = (Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType,
            System.Globalization.CultureInfo.InvariantCulture);
        return type switch
        {
            _ when type == typeof(int) => Convert.ToInt32(value, invariant),
            _ when type == typeof(decimal) => Convert.ToDecimal(value, invariant),
            _ when type == typeof(bool) => Convert.ToInt32(value, invariant) == 1,
            _ when member.IsDefined(typeof(SpinalLevelsAttribute)) =>
                new JsonArray([.. ((string)value).Split(' ').Select(level => JsonValue.Create(level))]),
            _ => value switch
            {
                DateOnly day => day.Iso(),
                DateTime day => DateOnly.FromDateTime(day).Iso(),
                _ => (string)value,
            },
        };
    }

    private static void InOrder(JsonObject body, string first, string last)
    {
        if (body[last] is { } stated && string.CompareOrdinal(stated.GetValue<string>(), body[first]!.GetValue<string>()) < 0)
        {
            body[last] = body[first]!.DeepClone();
        }
    }
}
