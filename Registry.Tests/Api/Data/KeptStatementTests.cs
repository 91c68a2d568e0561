using System.Data.Common;
using NUnit.Framework;
using Registry.Api.Data;
using Registry.Tests.Support;

namespace Registry.Tests.Api.Data;

/// <summary>The statements of the hot path: prepared once, run often, the same on each engine.</summary>
public sealed class KeptStatementTests(Engine engine) : DatabaseFixture(engine)
{
    private static readonly Statement Insert = new("INSERT INTO kept (number, name, day, amount, flag) VALUES (@p0, @p1, @p2, @p3, @p4)");
    private static readonly Statement Find = new("SELECT number, name, day, amount, flag FROM kept WHERE number = @p0");
    private static readonly Statement Count = new("SELECT COUNT(*) FROM kept");

    private IDatabase _database = null!;

    [OneTimeSetUp]
    public async Task Create()
    {
        _database = Open(await NewDatabase());
        await _database.Execute(
            "CREATE TABLE kept (number INT NOT NULL PRIMARY KEY, name NVARCHAR(4000) NULL, day DATE NULL, amount FLOAT NULL, flag INT NULL)");
    }

    [TearDown]
    public Task Empty() => _database.Execute("DELETE FROM kept");

    [Test]
    public async Task Tells_how_many_rows_a_statement_changed()
    {
        Assert.That(await Run(Insert, 1, "one", null, null, null), Is.EqualTo(1));
        Assert.That(await Run(Insert, 2, "two", null, null, null), Is.EqualTo(1));
        Assert.That(await Run(new("UPDATE kept SET name = @p0"), "both"), Is.EqualTo(2));
        Assert.That(await Run(new("DELETE FROM kept WHERE number = @p0"), 3), Is.Zero);
    }

    [Test]
    public async Task Gives_back_what_was_stored()
    {
        await Run(Insert, 1, "ein Wort – 言葉", new DateOnly(2024, 2, 29), 12.5, true);
        var row = await Only(
            Find,
            reader => (reader.GetInt32(0),
                reader.GetInt64(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetFieldValue<DateOnly>(2),
                reader.GetDouble(3),
                reader.GetDecimal(3),
                reader.GetInt32(4),
                reader.GetBoolean(4)),
            1);
        Assert.That(row, Is.EqualTo((1, 1L, "ein Wort – 言葉", "2024-02-29", new DateOnly(2024, 2, 29), 12.5, 12.5m, 1, true)));
    }

    [Test]
    public async Task Tells_nothing_from_an_empty_text()
    {
        await Run(Insert, 1, string.Empty, null, null, null);
        var (name, isNothing) = await Only(Find, reader => (reader.GetString(1), reader.IsDBNull(2)), 1);
        Assert.That((name, isNothing), Is.EqualTo((string.Empty, true)));
        Assert.That(async () => await Only(Find, reader => reader.GetString(2), 1), Throws.Exception, "NULL is no text");
        Assert.That(async () => await Only(Find, reader => reader.GetInt32(4), 1), Throws.Exception, "and no number");
    }

    [Test]
    public async Task Tells_many_short_texts_apart()
    {
        var names = Enumerable.Range(0, 3000)
            .Select(number => FormattableString.Invariant($"{(number % 2 == 0 ? "é" : "e")}{number / 2}"))
            .ToList();
        await _database.Write(
            [],
            async session =>
            {
                await session.Apply([.. names.Select((name, number) => (Insert, new object?[] { number, name, null, null, null }))]);
                return true;
            },
            CancellationToken.None);
        var read = await _database.Read(
            async session => await session.Rows(new Statement("SELECT name FROM kept ORDER BY number"), reader => reader.GetString(0)),
            CancellationToken.None);
        Assert.That(read, Is.EqualTo(names));
    }

    [TestCase(511)]
    [TestCase(4000)]
    public async Task Stores_long_texts(int length)
    {
        var text = new string('ß', length);
        await Run(Insert, 1, text, null, null, null);
        Assert.That(await Only(Find, reader => reader.GetString(1), 1), Is.EqualTo(text));
    }

    [Test]
    public async Task Takes_its_parameters_in_any_order_and_as_often_as_named()
    {
        await Run(Insert, 1, "one", null, null, null);
        var statement = new Statement("SELECT name FROM kept WHERE name = @p1 AND number = @p0 AND number < @p0 + 1 AND @p10 = 10");
        Assert.That(statement.Parameters, Is.EqualTo(11));
        object?[] values = [1, "one", null, null, null, null, null, null, null, null, 10];
        Assert.That(await Only(statement, reader => reader.GetString(0), values), Is.EqualTo("one"));
    }

    [Test]
    public void Wants_a_value_for_each_parameter()
    {
        Assert.That(async () => await Run(Find), Throws.ArgumentException);
        Assert.That(async () => await Run(Find, 1, 2), Throws.ArgumentException);
    }

    [Test]
    public async Task Can_be_used_again_after_it_failed()
    {
        await Run(Insert, 1, "one", null, null, null);
        Assert.That(async () => await Run(Insert, null, "none", null, null, null), Throws.InstanceOf<DbException>());
        Assert.That(async () => await Run(Insert, null, "none", null, null, null), Throws.InstanceOf<DbException>());
        Assert.That(
            async () => await Only<int>(Find, _ => throw new InvalidOperationException("A defect in the mapping."), 1),
            Throws.InvalidOperationException);
        Assert.That(await Run(Insert, 2, "two", null, null, null), Is.EqualTo(1));
        Assert.That(await Only(Find, reader => reader.GetString(1), 2), Is.EqualTo("two"));
    }

    [Test]
    public async Task Sees_what_was_changed_in_the_tables_since_it_was_prepared()
    {
        await Run(Insert, 1, "one", null, null, null);
        Assert.That(await Only(Find, reader => reader.GetString(1), 1), Is.EqualTo("one"));
        await _database.Execute("ALTER TABLE kept ADD another INT NULL");
        Assert.That(await Only(Find, reader => reader.GetString(1), 1), Is.EqualTo("one"));
        Assert.That(await Run(Insert, 2, "two", null, null, null), Is.EqualTo(1));
    }

    [Test]
    public async Task Applies_many_changes_in_order()
    {
        const int Rows = 1000;

        await _database.Write(
            [],
            async session =>
            {
                var changes =
                    Enumerable.Range(0, Rows).Select(number => (Insert, new object?[] { number, "first", null, null, null })).ToList();
                changes.Add((new Statement("UPDATE kept SET name = @p1 WHERE number >= @p0"), [Rows / 2, "second"]));
                changes.Add((new Statement("DELETE FROM kept WHERE number < @p0 AND name = @p1"), [Rows / 4, "first"]));
                await session.Apply(changes);
                await session.Apply([]);
                return true;
            },
            CancellationToken.None);
        Assert.That(await Only(Count, reader => reader.GetInt32(0)), Is.EqualTo(Rows - (Rows / 4)));
        Assert.That(await Only(Find, reader => reader.GetString(1), Rows - 1), Is.EqualTo("second"));
    }

    [Test]
    public async Task Applies_nothing_when_one_of_the_changes_fails()
    {
        Assert.That(
            async () => await _database.Write(
                [],
                async session =>
                {
                    await session.Apply([(Insert, [1, "one", null, null, null]), (Insert, [null, "none", null, null, null])]);
                    return true;
                },
                CancellationToken.None),
            Throws.InstanceOf<DbException>());
        Assert.That(await Only(Count, reader => reader.GetInt32(0)), Is.Zero);
    }

    private Task<int> Run(Statement statement, params object?[] values) =>
        _database.Write([], async session => await session.Run(statement, values), CancellationToken.None);

    private async Task<T> Only<T>(Statement statement, Func<DbDataReader, T> map, params object?[] values) =>
        (await _database.Read(async session => await session.Rows(statement, map, values), CancellationToken.None)).Single();
}
