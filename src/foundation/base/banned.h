/* banned.h - functions that have a safer counterpart in base/; using one does not compile in our
   own files. tools/check_banned finds the ones that a macro cannot. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef strcpy
#define strcpy(...) banned_function_strcpy
#undef strcat
#define strcat(...) banned_function_strcat
#undef strncpy
#define strncpy(...) banned_function_strncpy
#undef strncat
#define strncat(...) banned_function_strncat
#undef strtok
#define strtok(...) banned_function_strtok
#undef sprintf
#define sprintf(...) banned_function_sprintf
#undef vsprintf
#define vsprintf(...) banned_function_vsprintf
#undef gets
#define gets(...) banned_function_gets
#undef atoi
#define atoi(...) banned_function_atoi
#undef atol
#define atol(...) banned_function_atol
#undef gmtime
#define gmtime(...) banned_function_gmtime
#undef localtime
#define localtime(...) banned_function_localtime
#undef ctime
#define ctime(...) banned_function_ctime
#undef asctime
#define asctime(...) banned_function_asctime
