#pragma once
#include <string_view>

/// Keys and tokens for the tests of this folder, made by Node.js' crypto module: what another implementation
/// signed. The keys protect nothing.
namespace whirl::auth::test {

inline constexpr std::string_view kPrivateRsa = R"(-----BEGIN PRIVATE KEY-----
MIIEvwIBADANBgkqhkiG9w0BAQEFAASCBKkwggSlAgEAAoIBAQCwtLU24Opiebf5
WaJHQYhUoWjWxEQr/vizIF7Woj2WDAxomzzU4vgDVO6w3TGhcu0PlksSR+js/nNe
PZN3Dq/F0/dXeQt1T3D9XT63uAGZzmIJFRUmPgrqSYMskos86LP6CvO5/7RLX+5o
ttuLcS76/LHa5dQCCBYfCyZtx/mfUE8J5JEx0uDyCOlkJGhG5n5fge2awnkjMV5U
0Bz8VYLdMO1PJ74KSG7lofsZRoOyoyaelo0XH82/0o5SXsbzeixHal8HbTjO7/1Z
YIwY5crzkMBDVeISY20H7KOYLC6S2vTuD8HiFiCye4bVsf7sA1rwjzQ4x3Mugp3g
HbcaLjQBAgMBAAECggEAFFMUrNU94EnDwWhv4+ZDugg+uMUmWjEfherpPaK3lrSY
EMgaPRpGEIwKUEmA1eMUJUDSLa4bunah6msGtSD5UrXIs0T27m1Ov7Wj6xm9BWXZ
nNXR8u4b70q5Tb0lSsIxQUdVNUWWBT1pfJ3brrQ8BR5fjp/0vK8VbEiqCOKBcbNo
BZfvnipydNspMQLE9505ETQYJyu3wV8iOCGzt/pCqySqgopAeH2an0lDTYhGPvSj
+khYJWhfgpiwnakGVrXcQ7VZ+Hz4n5dRIzkKD3SY+LaDewjky8bBGCv9qvwzSOIO
8Q/ZzdhudDFd7RUUA0uymv+HOy1BsldMgcxHjvnTYQKBgQDgCLrrhhpysiYuhHXQ
454uY0adDqDbSQA67Cx8kXWi2bUBvzwYLms/TCU7n5Aj1l4ZSFSdHmSbr+eLXkMY
9TJBuqLgxO95yC0Uz9MGHfK6Aw1JCsG0BN6oB38wy4bY01HTnuFfigqspD4amsEr
xrnzWMbCkqsbPjPGn+82ONglhQKBgQDJ6zmivyThvdO3rPH4o81q3j0I2J3Qwdhy
BSKllykkOmNYD7mN/imPnJ2aOhVWcgJAp6+MvsaTS1frCG3drxOVL5pEh/Gm9nZE
WalT+PUW30dZAsV/VVP4uiil+tZvC+ckDlsvATtUHF+4OGS7OWbRh0X0/LID3UF/
zBNJ0gGvTQKBgQC2S4RFh15X+8wDx/bSHZSl7FQWEkQjitgsGebtCbNt6rZVkJVG
m+ban4wgYur3rkPtUKTBIGz/HfhLuEzirwnQ4BwOx1CRiKfeKmlsrcvHPhp+V8lc
QSYoFcmSG9pC7ljD2KFMi1e6OP7ryQbsJw1CDPfWdV/TkB6zPYp5VXHTvQKBgQDG
4L7GA4qqJbRwhxFVmtDq37YyDllykltEArbbboWBP1k2FVbn+lypLNM2Yts9Z9G8
KO2JrSYdUepofsbnwFeDa32A3n0vvDVEoSNcqCuOuaCmlUo9Xqf0pjb/NI8clRa2
tsUtCQOMlt3YrwLYPXN+EMTgxjv3/mdTHogo/4XVSQKBgQCr13ebwPkoutRnm6eR
Um3qqcMKWZQwNpJkAxbzPYTYLcAz16tsrSiSUdhqfV2ddbXRSC3rVJTh5c3tezhV
Oaw2uiQh69hp7PHC1VUcQ9jssx8EsPWzQBMPjCy7KtjAr2qJ7Ytiz2T3O6o50weS
Ge0+VeksW2OHYen+TIRL/Zu0aA==
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kPublicRsa = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsLS1NuDqYnm3+VmiR0GI
VKFo1sREK/74syBe1qI9lgwMaJs81OL4A1TusN0xoXLtD5ZLEkfo7P5zXj2Tdw6v
xdP3V3kLdU9w/V0+t7gBmc5iCRUVJj4K6kmDLJKLPOiz+grzuf+0S1/uaLbbi3Eu
+vyx2uXUAggWHwsmbcf5n1BPCeSRMdLg8gjpZCRoRuZ+X4HtmsJ5IzFeVNAc/FWC
3TDtTye+Ckhu5aH7GUaDsqMmnpaNFx/Nv9KOUl7G83osR2pfB204zu/9WWCMGOXK
85DAQ1XiEmNtB+yjmCwuktr07g/B4hYgsnuG1bH+7ANa8I80OMdzLoKd4B23Gi40
AQIDAQAB
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kPrivateOtherRsa = R"(-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC2b7e0QfbJarpa
HMWmDdBXu5ku4oVR4UFXaZams1vji6T1Xr+MIeGAHdJcS2p9dzvb1un4fUICeInS
pnI6QcFeQSnhTfFwcoXKlcc5pg4o7pCBY34gCofwA/mHMC6GiLlFUlpZzvbBARwD
/EaVV60uC4crwkkupqE264XDa807vy1ZZpHry8kvBgOsF4NWX3sS+VHpXZdPBDjM
9MT/76vax6WgXR7U+EqwNa5adhPaPyzz1VglqOjzMKnRVd4U3ImkgOQlBRcQz0JM
4tgzUhWovHmIYUa/TbkflAUEojd32ITkyODEJpqLF4kVK3vVzjWBcJMatmxlWlwn
c6nLgHH/AgMBAAECggEAGcML324DMe0a1JfEh07jEUiB+J9vMSFMb1IPPooMW0UA
bc/L37d3FvbfGj5iEsaQEtq13mudsyifWbo8XiKj8jHkfpbZlcXuQ63D3M2oqToK
+OJ6UH78NDXzehYhM8lB1FqtPIpfyOBluuBYfUVMxLhHBbRhTi+ki1NV58Mkz59R
efvRfeKoEyAlMkuEg2PGBsLXd5Xqko25v7U888CEoWVOizNnZALV6qOdG2DHYmr5
MxtRCTzXLIvupGAodzh2AU/hXEXITrdqwEeJXHddZ+3VPIsO1bcggK84PuCedNvl
TphO6le4Pk2hU7VawR53840wFy6lds2Je4DgTyJENQKBgQD1bqPtfZP1FgTafhPi
Dvqq4aTvRw9CzuSeFn/X5tETUDRv3PSwz86M3g8NSfnTQ1O0ttjt7K+VPbSMRcLz
6TpSnVIuHFHx09iidKf5Eucyu908otC7LiAxXQ9FWIl3JbMGeOUZoBoldO/3SPEf
c+DzE97ygO1jrHwhWRTA8pIcEwKBgQC+Sq9LE3C+n725rMxMClJPPoq/wsjejLOW
vrplOLlzxEtDI0XV6/vy3Sjc7PhhFlJz7z2qiSR3+irMDsDvanFX6S+a9leKMQHQ
jWjXoU2qMh4mqOSrW3V5RSImD6817WsoEvdj3urDLSU28hev82j6ECZSWRAfNoKF
hUqDjE335QKBgFYPCaQI2Iyjv+ftNYOaxQKORIsyW4ONkFRuhz1pTf57rSdcTuCA
vWhfpN+ABP2zKfK/+qjSyW6HSHu3KnjkWvME/v/0JjeplNjCFvQbUL5VaWoNnStF
LTyh6Ozj8q+4pGGsmoi1vvVLX6lSBlqFA2e4nABkfNjqbkwzNDfD1r/JAoGAC5RX
3mWscq0dynKta+Mk5xWTM+ASgRhmxUGN7iLphhXnzooS8dWOW1UB64+v/ZhyJAPm
6L23rmVWvVwYeXkstIDIGNHsucgJqDsyqgxywWyTUR7t60+BcoO2dEJ4EvwDjUi6
LSWfe4j/vrw0nMxfEvhwnIo25O9YOe/GfQLIq9ECgYEAr5ed2nZRpORwhv6XvKs+
nzh9FDc13w9/xOfqaPb3G2LSnUapvXHlVc0WTHM3uVTesnhs0UK2lwWK+4I3s+Vi
7QFTtjwOTMkvLsNSGia1bPjsa6s4ISTp7r7JxmG2Q8XlRTru562CizG2Y61drOEo
Tdno6v0v/7e3fNKE03kAbZw=
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kPublicOtherRsa = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtm+3tEH2yWq6WhzFpg3Q
V7uZLuKFUeFBV2mWprNb44uk9V6/jCHhgB3SXEtqfXc729bp+H1CAniJ0qZyOkHB
XkEp4U3xcHKFypXHOaYOKO6QgWN+IAqH8AP5hzAuhoi5RVJaWc72wQEcA/xGlVet
LguHK8JJLqahNuuFw2vNO78tWWaR68vJLwYDrBeDVl97EvlR6V2XTwQ4zPTE/++r
2seloF0e1PhKsDWuWnYT2j8s89VYJajo8zCp0VXeFNyJpIDkJQUXEM9CTOLYM1IV
qLx5iGFGv025H5QFBKI3d9iE5MjgxCaaixeJFSt71c41gXCTGrZsZVpcJ3Opy4Bx
/wIDAQAB
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kPrivateP256 = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEtW4XV9VW8GFlWBz
xyP4Knt5/jx1bC8h7CxKEtd2sbqhRANCAAQ/OFS7bVanqTdQWBvfJSvOTZY3qTUe
Rha+dAa3ay1MACUI1Ix2e6rcZsXKKYJMbzIyo71ype76wlsrfjmI3O6d
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kPublicP256 = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPzhUu21Wp6k3UFgb3yUrzk2WN6k1
HkYWvnQGt2stTAAlCNSMdnuq3GbFyimCTG8yMqO9cqXu+sJbK345iNzunQ==
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kPrivateP384 = R"(-----BEGIN PRIVATE KEY-----
MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDDw2esYJJe/ABKXht/K
adJ6t3UwFjVIdo+P740D18eni7Ny8nUaPABCRtNvgyP4doehZANiAARVJqnheHY3
rmyAtyMqIjsqcMxGBeV0+YEV4It3ZQpCsBZPCNkhqmSbJx2ebkOwZI2sLXMVcvcL
kJlvVs6UTg5AjmrMOY6AEJX4YhBdco7ylE65sohiTmN6iPxUzq+COAY=
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kPublicP384 = R"(-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEVSap4Xh2N65sgLcjKiI7KnDMRgXldPmB
FeCLd2UKQrAWTwjZIapkmycdnm5DsGSNrC1zFXL3C5CZb1bOlE4OQI5qzDmOgBCV
+GIQXXKO8pROubKIYk5jeoj8VM6vgjgG
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kPrivateP521 = R"(-----BEGIN PRIVATE KEY-----
MIHuAgEAMBAGByqGSM49AgEGBSuBBAAjBIHWMIHTAgEBBEIAhbLFJUxehTiPameT
D4gKFgkhZE62a956Uyuh117CHjeo32iTNjAeLOI/q6lqAircv+UwigQYMsLNQmCf
VHlNBlChgYkDgYYABAFmHJ/pRdGI4wgKjd1TtezcfR7+/9nWRfIDUFGOBfeNEFDS
dEqKUkx0JPOhlIEJqlGO7+kctUaRKg3hZuypNsseGQAvq7KgiL7V1Ww2PIxRdSLB
WTK+Iqat/wPUI4kFdxB5f9apWb5Bmv55Tn+6JKhZzVVm++1Hk8MIPck2KWmHHiEE
bg==
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kPublicP521 = R"(-----BEGIN PUBLIC KEY-----
MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBZhyf6UXRiOMICo3dU7Xs3H0e/v/Z
1kXyA1BRjgX3jRBQ0nRKilJMdCTzoZSBCapRju/pHLVGkSoN4WbsqTbLHhkAL6uy
oIi+1dVsNjyMUXUiwVkyviKmrf8D1COJBXcQeX/WqVm+QZr+eU5/uiSoWc1VZvvt
R5PDCD3JNilphx4hBG4=
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kPrivateEd25519 = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIES/LGEx8Dsw5csW9kqkVglEOqhfO57gC5/If33eZ0mT
-----END PRIVATE KEY-----
)";

inline constexpr std::string_view kPublicEd25519 = R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAy7KVcIcLVeNdi/5dZbLlJStDHfypCg1HtqMp7MArAQA=
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kPublicShortRsa = R"(-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL3pO754Sch6DfOecDELsryVvxTdxLk8
OPJHjgGKLoim3BwXrtl5AXoNHf2Fhm/yelrureFnDAU3uBaB5F5Sc5kCAwEAAQ==
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kPublicSecp256k1 = R"(-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEDMdtGysNjOliwVW5kO6UOFR3crupUQnn
VB7MHuwisqFS9sB52K0LY+h0T3XogwCu4dbKw1HYkyJQEdYXRUdCDg==
-----END PUBLIC KEY-----
)";

inline constexpr std::string_view kTokenPs256 =
    R"(eyJhbGciOiJQUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.NO7wQOLuPUfXt0jPymrvNI9ECIxgTGnTAYNGXdwY-nYs45Z9s9j8AfqkJgLT-O8O9g2Re0y9DFmUJthLCXIwGqQkSV51fEgRq3Mpw4Oa0peajhlJ7vvBBR4Ny0gCxEQs8dXIK7NBXG_j8uXeG5dwBdzmwyxOHj1QoyWcaANQK4lwt5xPkEg_GlevzT76spPg3JxTs6NEhslWcZU6hH2Pk3uRz08kbWXK-kJt5NeTj-XKFXQZ2CXLp2F23KMJyjlTl25Yx8Ge6LoD8Np6oMVXfJxC20eiBaTetdf8j7n4rS5ePZjCKYatKKMw7Z_8hGL0p2nXz7qsf4-cGrovqkUneQ)";

/// Tokens with the claims {"sub":"42"}, the HMAC ones with the secret "secret".
struct SignedToken {
  std::string_view alg;
  std::string_view token;
};
inline constexpr SignedToken kSignedTokens[] = {
    {"HS256",
     "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.79CVgMIG_JB921dVUeJDWNJubJojFodH3-XtC_1C4"
     "08"},
    {"HS384",
     "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9._XqjM_YHAu4CWMH7hzfxehwzIF-YR7dACRjxtIVmJ"
     "X5xNtZlNRiNQT77cP9PWVPM"},
    {"HS512",
     "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.OOnmim08R5KPn3wNhfsu5HW2EyBxHZKIDBHSjSRDr"
     "COhWlmKZr9e10Ktf-JcrAjCDBi6c-wB5_5HlUnSd2KN1g"},
    {"RS256",
     "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.SBEPM7qMVr4w3urM3-HPWcyUvvppsgoW3w8n-88pt"
     "2obvZYQnKOEg3GjdRzXscnUdwCcwnzy48UEcS4UFtAPvzblHWJjoz22e_LQOpXre3mTi9fMT0BIPqccAlpbJy0nfKK_IChi"
     "fxTZM9UQnpwCtzo6m2WSOL2V9Kp9XxM02IX0Tr4jgUUgMRXeDIoiHTumy0EEBPDWPgnDgB_Iwe7i6KrBE0OfB4htIp1IzWX"
     "uBh5mOwwgEVmVaGOXgqUiGt2VbBI0--I6o8xnOaIULwukUedCY_jlfiRXwX9WBatzmvG6JeB457h9RqYLSEL5NTic20qlvK"
     "HP-WLUCKJLicgI0Q"},
    {"RS384",
     "eyJhbGciOiJSUzM4NCIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.kqZNPBGOFXDozkIWhca4chmcyAhoUqmo-VBwWhWRG"
     "PSRwxh2oLl6oqnFjyq_ouAgg7jcJ7sY3NaOzbKTfWfCPhhd8d4wVkkXPpYQTDe3eHXoJTZc8OMiKcMbKi8fI8BDQjl6QV0M"
     "NiRvB_xcCdRr7yFar4oFsS8X4phZ_sHp-G29xixO4x5X5Mo_WMUisLqtRSw6qk1HbTGACnG41TjlBLp7tj3qVY-C1c6Ghhw"
     "C0WlNvC72Yr7ukt1APMkHXpDEVBNI4R0xgBOgwK5wXGRSJ3CfDhVL2GJ_Pav73ai1xIZP0EuLKKmfk30xuD_NG03GTct-fg"
     "D6JZ4dX1Ze-69Zyw"},
    {"RS512",
     "eyJhbGciOiJSUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.ouRvkPUnHhlZFvbP2Qw2gWuJw1gJLvaJuur9M4WcV"
     "q-jNJ2H0JhGiaiNW0kCSBdr1CxX_1z5unnFEsZnKsGjiOq1xQ4b4BJ6pVbyJyQx4APUCfu692qzc5ePCHyvq06lNjUyRdE1"
     "OLmE_rL1dAPOIEfX2RR4fZ1Bc9pxMG9S57IJSEkQAdN9wmg25-R8NyfzDyedwrFWddEIdzPe5xJdx-7oYjWYYss9cAZtlU6"
     "xZaRpsdz0CSqtgmIEnBZKKIJT2pmoW_UuXMyEvGFoj-r2r-3KJ4TJcSdWimXVdm1cZcDQu9jyybCf_-o4ZBA955xZI63tOL"
     "9a5aP5dXYYlocoLQ"},
    {"ES256",
     "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.FZludCg3wuD3DvhSs0EfR72IHWIPOTtfaMWB8JaJU"
     "mXfEfnbATFFfvZ9Zws621KHbfUzimcUr9Vcp5QSzQOKCA"},
    {"ES384",
     "eyJhbGciOiJFUzM4NCIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.NTP88MNnLBzs7NzqyLpUe2U8-MykBJ2pQWRLdMcJj"
     "XDoBIqk7Y77E4TP9RFMRcuV38XsWwej_IQmKd1r52uWPvewXguXlbGApYuk-_GGG3QHiuPg1Br0RIMYyzb2HzQR"},
    {"ES512",
     "eyJhbGciOiJFUzUxMiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.AWdqPVgZhToId7_Kxp2gzIxhIDusnC7PEMXSY4nRs"
     "D2zjhXjmCFnCopDEMxyWfYJQP_QhTbde4frrl1cO3jwTFKJAcZDxzTIwTXbYhxPm_-uc-g3y7-giz33Ad0byBaEfVyp5p46"
     "Tzb9EXbb_43LMtWfnrDTfoPoKCgWv0--F6HmNVgg"},
    {"EdDSA",
     "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiJ9.a8MLEiSOJbE1riSwlN-oXKCrIiVwS9lrn41J1zMGH"
     "ba5VlfDOjL4Wwo-jny-HPY_1Jt-BRy36XQy1LJcRcLjAA"},
};

/// The public keys as a set: r1 may only be used with RS256, r2 with any RS*; others are of no use for
/// signatures.
inline constexpr std::string_view kKeySet = R"({"keys": [
  {"kty":"RSA","n":"sLS1NuDqYnm3-VmiR0GIVKFo1sREK_74syBe1qI9lgwMaJs81OL4A1TusN0xoXLtD5ZLEkfo7P5zXj2Tdw6vxdP3V3kLdU9w_V0-t7gBmc5iCRUVJj4K6kmDLJKLPOiz-grzuf-0S1_uaLbbi3Eu-vyx2uXUAggWHwsmbcf5n1BPCeSRMdLg8gjpZCRoRuZ-X4HtmsJ5IzFeVNAc_FWC3TDtTye-Ckhu5aH7GUaDsqMmnpaNFx_Nv9KOUl7G83osR2pfB204zu_9WWCMGOXK85DAQ1XiEmNtB-yjmCwuktr07g_B4hYgsnuG1bH-7ANa8I80OMdzLoKd4B23Gi40AQ","e":"AQAB","kid":"r1","use":"sig","alg":"RS256"},
  {"kty":"RSA","n":"tm-3tEH2yWq6WhzFpg3QV7uZLuKFUeFBV2mWprNb44uk9V6_jCHhgB3SXEtqfXc729bp-H1CAniJ0qZyOkHBXkEp4U3xcHKFypXHOaYOKO6QgWN-IAqH8AP5hzAuhoi5RVJaWc72wQEcA_xGlVetLguHK8JJLqahNuuFw2vNO78tWWaR68vJLwYDrBeDVl97EvlR6V2XTwQ4zPTE_--r2seloF0e1PhKsDWuWnYT2j8s89VYJajo8zCp0VXeFNyJpIDkJQUXEM9CTOLYM1IVqLx5iGFGv025H5QFBKI3d9iE5MjgxCaaixeJFSt71c41gXCTGrZsZVpcJ3Opy4Bx_w","e":"AQAB","kid":"r2","use":"sig"},
  {"kty":"EC","x":"PzhUu21Wp6k3UFgb3yUrzk2WN6k1HkYWvnQGt2stTAA","y":"JQjUjHZ7qtxmxcopgkxvMjKjvXKl7vrCWyt-OYjc7p0","crv":"P-256","kid":"e1","use":"sig"},
  {"kty":"EC","x":"AWYcn-lF0YjjCAqN3VO17Nx9Hv7_2dZF8gNQUY4F940QUNJ0SopSTHQk86GUgQmqUY7v6Ry1RpEqDeFm7Kk2yx4Z","y":"AC-rsqCIvtXVbDY8jFF1IsFZMr4ipq3_A9QjiQV3EHl_1qlZvkGa_nlOf7okqFnNVWb77UeTwwg9yTYpaYceIQRu","crv":"P-521","kid":"e5","use":"sig","alg":"ES512"},
  {"crv":"Ed25519","x":"y7KVcIcLVeNdi_5dZbLlJStDHfypCg1HtqMp7MArAQA","kty":"OKP","kid":"o1","use":"sig","alg":"EdDSA"},
  {"kty":"EC","x":"VSap4Xh2N65sgLcjKiI7KnDMRgXldPmBFeCLd2UKQrAWTwjZIapkmycdnm5DsGSN","y":"rC1zFXL3C5CZb1bOlE4OQI5qzDmOgBCV-GIQXXKO8pROubKIYk5jeoj8VM6vgjgG","crv":"P-384","kid":"enc","use":"enc"},
  {"kty":"EC","x":"DMdtGysNjOliwVW5kO6UOFR3crupUQnnVB7MHuwisqE","y":"UvbAeditC2PodE916IMAruHWysNR2JMiUBHWF0VHQg4","crv":"secp256k1","kid":"k1","use":"sig"},
  {"kty": "oct", "kid": "h1", "use": "sig", "k": "c2VjcmV0"},
  {"kty": "RSA", "kid": "broken", "use": "sig", "n": "%%%", "e": "AQAB"}
]})";

}  // namespace whirl::auth::test
