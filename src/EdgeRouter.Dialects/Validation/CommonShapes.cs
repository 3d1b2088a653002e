namespace EdgeRouter.Dialects.Validation;

/// <summary>Shapes that every schema uses.</summary>
internal static class CommonShapes
{
    /// <summary>A string, however long.</summary>
    public static readonly RequestShape Text = new StringShape();

    /// <summary>A string that is not empty.</summary>
    public static readonly RequestShape NonEmpty = new StringShape(min: 1);

    /// <summary>true or false.</summary>
    public static readonly RequestShape Flag = new BooleanShape();

    /// <summary>An object of anything.</summary>
    public static readonly RequestShape AnyObject = Object();

    /// <summary>An object whose further members pass.</summary>
    public static ObjectShape Object(params ObjectMember[] members) => new("expected an object", UnknownKeys.Tolerated, members);

    /// <summary>An object whose further members are an error.</summary>
    public static ObjectShape Strict(params ObjectMember[] members) => new("expected an object", UnknownKeys.Refused, members);
}
