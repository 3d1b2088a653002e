using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Files;
using SQLitePCL;
using Xunit;

namespace EdgeRouter.EmbeddedStore.Tests;

/// <summary>What is damaged is told of with the file's name and what to do, and never changed or replaced.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly StoreFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        await folder.FillAsync(3);
        var bytes = File.ReadAllBytes(folder.File);
        bytes.AsSpan(0, 16).Fill((byte)'x');
        File.WriteAllBytes(folder.File, bytes);

        AssertDamaged(Assert.Throws<StoreRefusedException>(() => folder.Open()));

        Assert.Equal(bytes, File.ReadAllBytes(folder.File));
    }

    [Fact]
    public async Task A_file_that_was_cut_short_is_refused()
    {
        await folder.FillAsync(300);
        var length = new FileInfo(folder.File).Length;
        using (var file = File.OpenWrite(folder.File)) file.SetLength(length / 2);

        AssertDamaged(Assert.Throws<StoreRefusedException>(() => folder.Open()));

        Assert.Equal(length / 2, new FileInfo(folder.File).Length);
    }

    [Fact]
    public async Task An_empty_file_is_refused()
    {
        await folder.FillAsync(3);
        File.WriteAllBytes(folder.File, []);

        AssertDamaged(Assert.Throws<StoreRefusedException>(() => folder.Open()));

        Assert.Equal(0, new FileInfo(folder.File).Length);
    }

    [Fact]
    public async Task A_log_without_its_store_is_refused()
    {
        await using var store = folder.Open();
        await StoreFolder.PutAsync(store, "row", 1);
        using var copy = folder.Copy();
        File.Delete(copy.File);

        var refused = Assert.Throws<StoreRefusedException>(() => copy.Open());

        Assert.Contains("store.db-wal", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(copy.File));
    }

    [Theory]
    [InlineData("PRAGMA application_id = 1", "another program")]
    [InlineData("PRAGMA user_version = 2", "format 2")]
    [InlineData("DELETE FROM session", "session")]
    [InlineData("DROP TABLE inbox", "no such table: inbox")]
    [InlineData("INSERT INTO inbox VALUES (1, x'00000000')", "checksum")]
    public async Task A_database_that_is_not_this_store_is_refused(string statement, string expected)
    {
        await folder.FillAsync(1);
        Run(statement);

        var refused = Assert.ThrowsAny<Exception>(() => folder.Open());

        Assert.True(refused is StoreRefusedException or StorageUnavailableException);
        Assert.Contains(folder.File, refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_the_earlier_format_is_refused_with_one_line_that_says_how_to_start_anew()
    {
        Directory.CreateDirectory(folder.Path);
        await File.WriteAllTextAsync(folder.In("journal"), "EdgeRtJ1");

        var refused = Assert.Throws<StoreRefusedException>(() => folder.Open());

        Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("To start with an empty store", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.False(File.Exists(folder.File));
    }

    [Fact]
    public async Task A_store_that_was_still_being_made_is_made_again()
    {
        Directory.CreateDirectory(folder.Path);
        await File.WriteAllTextAsync(folder.File + ".new", "half");
        await File.WriteAllTextAsync(folder.File + ".new-wal", "half");

        await folder.FillAsync(1);

        Assert.False(File.Exists(folder.File + ".new"));
        Assert.False(File.Exists(folder.File + ".new-wal"));
    }

    [Fact]
    public async Task A_flipped_bit_in_a_value_is_found_when_the_row_is_read_and_the_others_are_still_there()
    {
        await using (var store = folder.Open())
        {
            await store.CommitAsync("things", "p",
                [TableChange.Upsert("good", StoreFolder.Value("untouched")), TableChange.Upsert("bad", StoreFolder.Value("xyzzy"))]);
        }
        var bytes = File.ReadAllBytes(folder.File);
        bytes[bytes.AsSpan().IndexOf("xyzzy"u8)] ^= 1;
        File.WriteAllBytes(folder.File, bytes);

        await using var damaged = folder.Open();

        AssertDamaged(await Assert.ThrowsAsync<StorageUnavailableException>(async () => await damaged.GetAsync("things", "p", "bad")));
        AssertDamaged(await Assert.ThrowsAsync<StorageUnavailableException>(async () => await damaged.QueryAsync("things", "p", RowRange.All)));
        Assert.Equal("untouched", (await damaged.GetAsync("things", "p", "good"))!.Properties["Value"]);
    }

    [Fact]
    public async Task A_damaged_page_is_told_of_when_it_is_written_to()
    {
        await folder.FillAsync(2000);
        var bytes = File.ReadAllBytes(folder.File);
        // All but the first page and the last ones, which are looked at when the file is opened.
        bytes.AsSpan(4096..^16384).Fill(0xA5);
        File.WriteAllBytes(folder.File, bytes);

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var store = folder.Open();
            for (var number = 0; number < 2000; number++) await StoreFolder.PutAsync(store, $"row{number}", 1);
        });

        Assert.True(failure is StoreRefusedException or StorageUnavailableException);
        AssertDamaged(failure);
    }

    [Fact]
    public async Task Random_damage_never_gives_back_a_row_that_was_not_written()
    {
        const int Rows = 200;
        await folder.FillAsync(Rows);
        var sound = File.ReadAllBytes(folder.File);
        var written = Enumerable.Range(0, Rows).Select(number => $"row{number}={number}").ToHashSet();
        var random = new Random(8);
        for (var round = 0; round < 150; round++)
        {
            var bytes = sound.ToArray();
            for (var flips = random.Next(1, 6); flips > 0; flips--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder.File, bytes);
            try
            {
                await using var store = folder.Open();
                for (var number = 0; number < Rows; number++)
                {
                    if (await store.GetAsync("things", "p", $"row{number}") is { } row) Assert.Contains($"{row.Row}={row.Properties["Value"]}", written);
                }
            }
            catch (Exception told) when (told is StoreRefusedException or StorageUnavailableException)
            {
                Assert.Contains(folder.File, told.Message, StringComparison.Ordinal);
            }
        }
    }

    private void AssertDamaged(Exception told)
    {
        Assert.Contains($"'{folder.File}' is damaged", told.Message, StringComparison.Ordinal);
        Assert.Contains("keep a copy", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told.Message);
    }

    private void Run(string statement)
    {
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(folder.File, out var connection));
        using (connection) Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(connection, statement));
    }
}
