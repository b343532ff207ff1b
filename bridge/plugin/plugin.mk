# What DPF's makefile is told; called by Makefile.

FILES_DSP = $(filter-out source/dpf/connect_ui.cpp source/dpf/window/%,$(wildcard source/*/*.cpp))
ifeq ($(CONNECT_UI),true)
FILES_UI = source/dpf/connect_ui.cpp $(wildcard source/dpf/window/*.cpp)
UI_TYPE = opengl
HAS_UI = 1
else
UI_TYPE = none
HAVE_DGL = false
HAS_UI = 0
endif

include $(DPF_PATH)/Makefile.plugins.mk

BUILD_CXX_FLAGS += -std=gnu++17 -Isource/dpf -DCONNECT_CHANNELS=$(CHANNELS) -DCONNECT_HAS_UI=$(HAS_UI)
BUILD_CXX_FLAGS += -DSTYLUS_VERSION='"$(CONNECT_VERSION)"' -Wno-unused-parameter
ifeq ($(WINDOWS),true)
EXTRA_LIBS += -lws2_32
endif
