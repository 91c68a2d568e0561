using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Registry.Api.Http;
using Registry.Domain.Common;

namespace Registry.Api.Recording;

/// <summary>
/// The members of a kind of record, found once from the attributes of its properties: what a body may state and what the table holds
/// follow from it. A member is declared there and nowhere else.
/// </summary>
internal sealed class FieldSet<T>
    where T : class
{
    private readonly Func<T, object?>[] _values;

    private FieldSet()
    {
        var members = typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance);
        All = [.. members.Where(member => !member.IsDefined(typeof(JsonIgnoreAttribute)) && !member.IsDefined(typeof(NotStatedAttribute)))
            .Select(Of)];
        var byMember = All.ToDictionary(field => field.Member);
        Columns = [.. members.SelectMany(member => byMember.TryGetValue(member, out var field) ? field.Columns : Derived(member))];
        ColumnNames = [.. Columns.Select(column => column.Name)];
        _values = [.. Columns.Select(column => column.Value)];
    }

    /// <summary>The members that <typeparamref name="T"/> declares.</summary>
    public static FieldSet<T> Declared { get; } = new();

    /// <summary>Every member that a body may state, in the order in which they are declared and read.</summary>
    public ImmutableArray<Field<T>> All { get; }

    /// <summary>The columns, in the order of their members.</summary>
    public IReadOnlyList<FieldColumn<T>> Columns { get; }

    /// <summary>The names of <see cref="Columns"/>.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The member of a property.</summary>
    public Field<T> this[string property] => All.Single(field => field.Member.Name == property);

    /// <summary>A content without any value yet.</summary>
    public static T Empty() => (T)RuntimeHelpers.GetUninitializedObject(typeof(T));

    /// <summary>Reads every member of a body.</summary>
    /// <returns>What could be read, and whether it holds everything that a content cannot do without.</returns>
    public (T Content, bool IsWhole) Read(FieldReader fields)
    {
        var (content, isWhole) = (Empty(), true);
        foreach (var field in All)
        {
            isWhole &= field.Read(fields, content, field.IsRequired) || !field.IsRequired;
        }

        return (content, isWhole);
    }

    /// <summary>The values of <see cref="Columns"/> behind those of the keys.</summary>
    public object?[] Row(T content, params ReadOnlySpan<object?> keys)
    {
        var row = new object?[keys.Length + _values.Length];
        keys.CopyTo(row);
        for (var index = 0; index < _values.Length; index++)
        {
            row[keys.Length + index] = _values[index](content);
        }

        return row;
    }

    // A column of what is derived from other members.
    private static IEnumerable<FieldColumn<T>> Derived(PropertyInfo member) =>
        member.GetCustomAttribute<ColumnAttribute>() is { } column ? [new(column.Name, member, Getter(member))] : [];

    private static Func<T, object?> Getter(PropertyInfo member)
    {
        var content = Expression.Parameter(typeof(T));
        return Expression.Lambda<Func<T, object?>>(Expression.Convert(Expression.Property(content, member), typeof(object)), content)
            .Compile();
    }

    private static Field<T> Of(PropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var unit = member.GetCustomAttribute<UnitAttribute>() is { } stated ? stated.Unit + stated.Remark : string.Empty;
        return type switch
        {
            _ when type == typeof(int) => new ValueField<T, int>(member, Whole(member, unit), value => value),
            _ when type == typeof(decimal) => new ValueField<T, decimal>(member, Decimal(member, unit), value => value),
            _ when type == typeof(bool) => new FlagField<T>(member),
            _ when type == typeof(DateOnly) => new DateField<T>(member),
            _ when type == typeof(CaseCode) => new ValueField<T, CaseCode>(
                member, (fields, name, isRequired) => fields.Identifier<CaseCode>(name, isRequired), value => value),
            _ when type == typeof(string) => new TextField<T, string>(member, Text(member), value => value),
            _ when member.IsDefined(typeof(SpinalLevelsAttribute)) => new TextField<T, IReadOnlyList<string>>(
                member, (fields, name, _) => fields.Levels(name), levels => string.Join(' ', levels)),
            _ => (Field<T>)Activator.CreateInstance(
                (type.IsEnum ? typeof(CodeField<,>) : typeof(PartField<,>)).MakeGenericType(typeof(T), type), member)!,
        };
    }

    private static Func<FieldReader, string, bool, int?> Whole(PropertyInfo member, string unit)
    {
        var range = member.GetCustomAttribute<WholeRangeAttribute>()?.Range ?? throw Incomplete(member, "a range");
        return member.IsDefined(typeof(NotInTheFutureAttribute)) ? (fields, name, isRequired) => fields.Year(name, range, isRequired)
            : member.IsDefined(typeof(StatedOrNullAttribute)) ? (fields, name, _) =>
                fields.Whole(name, range, unit, required: true, orNull: true)
            : (fields, name, isRequired) => fields.Whole(name, range, unit, isRequired);
    }

    private static Func<FieldReader, string, bool, decimal?> Decimal(PropertyInfo member, string unit)
    {
        var declared = member.GetCustomAttribute<DecimalRangeAttribute>() ?? throw Incomplete(member, "a range");
        var (range, decimals) = (declared.Range, declared.Decimals);
        return (fields, name, isRequired) => fields.Decimal(name, range.Min, range.Max, decimals, unit, isRequired);
    }

    private static Func<FieldReader, string, bool, string?> Text(PropertyInfo member) =>
        member.IsDefined(typeof(IdentifierAttribute)) ? (fields, name, isRequired) => fields.Identifier(name, isRequired)
        : (_, name, _) => throw new NotSupportedException($"The kind of record has to read the text '{name}' itself.");

    private static InvalidOperationException Incomplete(PropertyInfo member, string what) =>
        new($"{member.DeclaringType!.Name}.{member.Name} has to declare {what}.");
}
