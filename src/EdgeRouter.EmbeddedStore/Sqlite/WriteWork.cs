using EdgeRouter.Core.Storage;

namespace EdgeRouter.EmbeddedStore.Sqlite;

/// <summary>Something that waits to be written. All its members are called by the writer's thread, and only one of the last two.</summary>
internal interface IWriteWork
{
    /// <summary>Bytes to be written, about.</summary>
    int Size { get; }

    /// <summary>Writes, inside a transaction that others share. What it throws undoes the whole transaction.</summary>
    void Apply();

    /// <summary>The transaction is durable.</summary>
    void Succeed();

    /// <summary>The transaction was undone.</summary>
    void Fail(StorageUnavailableException failure);
}
