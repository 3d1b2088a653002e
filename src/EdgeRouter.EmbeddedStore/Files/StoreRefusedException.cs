namespace EdgeRouter.EmbeddedStore.Files;

/// <summary>
/// The store's folder holds something that must not be opened, such as a damaged file, and nothing in it was changed. The message is one line that
/// names the file and says what to do. Trying again does not help.
/// </summary>
public sealed class StoreRefusedException(string message, Exception? cause = null) : Exception(message, cause);
