namespace LoptCluster.Engine.Numerics.Convolution;

// One type per size; the kernels use no other property of these types.

internal readonly struct Rows1Channels32 : IRegisterBlock
{
    public static int Rows => 1;

    public static bool Channels32 => true;
}

internal readonly struct Rows2Channels32 : IRegisterBlock
{
    public static int Rows => 2;

    public static bool Channels32 => true;
}

internal readonly struct Rows3Channels32 : IRegisterBlock
{
    public static int Rows => 3;

    public static bool Channels32 => true;
}

internal readonly struct Rows4Channels32 : IRegisterBlock
{
    public static int Rows => 4;

    public static bool Channels32 => true;
}

internal readonly struct Rows6Channels32 : IRegisterBlock
{
    public static int Rows => 6;

    public static bool Channels32 => true;
}

internal readonly struct Rows8Channels32 : IRegisterBlock
{
    public static int Rows => 8;

    public static bool Channels32 => true;
}

internal readonly struct Rows9Channels32 : IRegisterBlock
{
    public static int Rows => 9;

    public static bool Channels32 => true;
}

internal readonly struct Rows12Channels32 : IRegisterBlock
{
    public static int Rows => 12;

    public static bool Channels32 => true;
}

internal readonly struct Rows1Channels16 : IRegisterBlock
{
    public static int Rows => 1;

    public static bool Channels32 => false;
}

internal readonly struct Rows2Channels16 : IRegisterBlock
{
    public static int Rows => 2;

    public static bool Channels32 => false;
}

internal readonly struct Rows3Channels16 : IRegisterBlock
{
    public static int Rows => 3;

    public static bool Channels32 => false;
}

internal readonly struct Rows4Channels16 : IRegisterBlock
{
    public static int Rows => 4;

    public static bool Channels32 => false;
}

internal readonly struct Rows5Channels16 : IRegisterBlock
{
    public static int Rows => 5;

    public static bool Channels32 => false;
}

internal readonly struct Rows6Channels16 : IRegisterBlock
{
    public static int Rows => 6;

    public static bool Channels32 => false;
}

internal readonly struct Rows8Channels16 : IRegisterBlock
{
    public static int Rows => 8;

    public static bool Channels32 => false;
}

internal readonly struct Rows9Channels16 : IRegisterBlock
{
    public static int Rows => 9;

    public static bool Channels32 => false;
}

internal readonly struct Rows12Channels16 : IRegisterBlock
{
    public static int Rows => 12;

    public static bool Channels32 => false;
}
